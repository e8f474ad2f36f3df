import Foundation
import Media
import Synchronization

/// Gives files whose names are no text a path that is: a symbolic link in a folder that goes with
/// this object.
final class PlainPaths: Sendable {
  private struct State {
    var folder: String?
    var links = 0
  }

  private let state = Mutex(State())

  deinit {
    guard let folder = state.withLock({ $0.folder }) else { return }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// A path of a file: its own where that is text.
  ///
  /// - Parameter location: The file.
  /// - Returns: A path that opens the file and ends in its name for people; nil for a file on the
  ///   web.
  /// - Throws: ``WorkerError/unreadable(path:reason:)`` when no link can be made.
  func path(of location: MediaLocation) throws -> String? {
    guard let bytes = location.path else { return nil }
    if let path = String(validating: bytes, as: UTF8.self) { return path }
    return try state.withLock { state in
      do {
        let folder = try state.folder ?? Self.makeFolder()
        state.folder = folder
        state.links += 1
        let own = "\(folder)/\(state.links)"
        try FileManager.default.createDirectory(
          atPath: own, withIntermediateDirectories: false)
        let link = "\(own)/\(String(Substring(location.shownName.unicodeScalars.suffix(60))))"
        guard symlink(bytes.map(CChar.init(bitPattern:)) + [0], link) == 0 else {
          throw WorkerError.unreadable(path: location.shown, reason: systemReason(errno))
        }
        return link
      } catch let error as CocoaError {
        throw WorkerError.unreadable(path: location.shown, reason: fileReason(error))
      }
    }
  }

  private static func makeFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.path + "/avu-paths-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    return folder
  }
}

extension MediaLocation {
  /// The last part of the path for people and messages.
  var shownName: String { String(shown.split(separator: "/").last ?? "") }

  /// A message in which the file goes by its last part: folders of a machine are nobody's business.
  func named(in message: String) -> String {
    let name = shownName
    if name.isEmpty { return message }
    return message.replacing(text, with: name).replacing(shown, with: name)
  }
}
