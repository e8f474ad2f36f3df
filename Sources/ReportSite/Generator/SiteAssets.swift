import Foundation
import Media

/// The style sheet and script of a site, under names that hold their content's hash, so that a
/// browser never mixes an old file with a new page.
struct SiteAssets {
  /// Addresses from the site's folder.
  let stylesheet: String
  let script: String

  private let files: [(name: String, content: Data)]

  /// Reads the files.
  ///
  /// - Parameter folder: The folder with `site.css` and `site.js`.
  /// - Throws: ``SiteError/missingAsset(path:)``.
  init(folder: String) throws(SiteError) {
    var files: [(name: String, content: Data)] = []
    for (stem, ending) in [("site", "css"), ("site", "js")] {
      let path = "\(folder)/\(stem).\(ending)"
      guard let content = FileManager.default.contents(atPath: path) else {
        throw .missingAsset(path: path)
      }
      let digest = ContentHash.sha256(of: Array(content)).prefix(12)
      files.append(("assets/\(stem)-\(digest).\(ending)", content))
    }
    self.files = files
    stylesheet = files[0].name
    script = files[1].name
  }

  /// Writes the files into a site.
  func write(to folder: SiteFolder) throws(SiteError) {
    for file in files { try folder.write(file.content, to: file.name) }
  }
}
