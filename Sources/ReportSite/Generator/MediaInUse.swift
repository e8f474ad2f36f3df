import Foundation

/// Which videos and pictures a site shows, to remove what an interrupted build made for pages that
/// have changed since. Names are kept as hashes, because there may be a million.
struct MediaInUse {
  private let folder: SiteFolder
  private var names: Set<Int> = []

  init(folder: SiteFolder) { self.folder = folder }

  /// Notes what a clip's page shows.
  mutating func add(_ media: [String]) {
    guard folder.isResumed else { return }
    for name in media { names.insert(name.hashValue) }
  }

  /// Removes all others.
  func removeOthers() throws {
    guard folder.isResumed, folder.has("media") else { return }
    let root = folder.newPath("media")
    for bucket in try FileManager.default.contentsOfDirectory(atPath: root) {
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(bucket)")
      where !names.contains("media/\(bucket)/\(name)".hashValue) {
        try FileManager.default.removeItem(atPath: "\(root)/\(bucket)/\(name)")
      }
    }
  }
}
