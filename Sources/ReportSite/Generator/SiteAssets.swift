import Foundation
import Media

/// The style sheet and scripts of a site, under names that hold their content's hash, so that a
/// browser never mixes an old file with a new page.
struct SiteAssets: Sendable {
  /// The script's parts, in the order in which they run: pages load them as one, which a browser
  /// then has for all pages. A part does nothing on a page that has nothing for it.
  static let scripts = [
    "site", "clip-index", "browse", "neighbours", "ranks", "masks", "player", "overlay",
    "timeline", "keys", "export",
  ]

  /// The style sheet's parts in `styles/`, in the order in which they apply: pages load them as one.
  static let styles = [
    "colours", "base", "dashboards", "tables", "lists", "charts", "results", "clip", "player",
    "media",
  ]

  private struct File {
    let address: String
    let content: [UInt8]

    init(_ name: String, _ ending: String, _ content: [UInt8]) {
      let digest = ContentHash.sha256(of: content).prefix(12)
      address = "assets/\(name)-\(digest).\(ending)"
      self.content = content
    }
  }

  /// By their names without a hash, for example `site.css`.
  private let files: [String: File]
  private let folder: String

  /// Reads the scripts and the parts of the style sheet.
  ///
  /// - Parameter folder: The folder with the scripts, and with `styles/`.
  /// - Throws: ``SiteError/missingAsset(path:)``.
  init(folder: String) throws(SiteError) {
    self.folder = folder
    var files: [String: File] = [:]
    func joined(_ names: [String], _ ending: String) throws(SiteError) -> [UInt8] {
      var content: [UInt8] = []
      for name in names { content += try Self.content(of: "\(folder)/\(name).\(ending)") }
      return content
    }
    for (name, parts) in [("site", Self.scripts), ("pack", ["pack"])] {
      files[name + ".js"] = File(name, "js", Self.shortened(try joined(parts, "js")))
    }
    let style = try joined(Self.styles.map { "styles/" + $0 }, "css")
    files["site.css"] = File("site", "css", style)
    self.files = files
  }

  private static func content(of path: String) throws(SiteError) -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .missingAsset(path: path)
    }
    return data
  }

  /// A script without indentation and without lines that are comments: a sixth less to load. No
  /// script has a text of several lines.
  private static func shortened(_ script: [UInt8]) -> [UInt8] {
    String(decoding: script, as: UTF8.self).split(separator: "\n")
      .map { $0.drop { $0 == " " } }.filter { !$0.hasPrefix("//") }
      .reduce(into: []) { $0 += Array($1.utf8) + [UInt8(ascii: "\n")] }
  }

  /// The content of all scripts, or of all style sheets, as pages load them.
  func contents(endingIn ending: String) -> [[UInt8]] {
    files.values.filter { $0.address.hasSuffix("." + ending) }.map(\.content)
  }

  /// The size of all scripts, or of all style sheets.
  func bytes(endingIn ending: String) -> Int {
    contents(endingIn: ending).reduce(0) { $0 + $1.count }
  }

  /// Changes when any file does.
  var digest: String { Digest.text(of: files.values.map(\.address).sorted()) }

  /// The style sheet, from the site's folder.
  var stylesheet: String { address(of: "site.css") }

  /// The script that shows packed pages, from the site's folder.
  var packScript: String { address(of: "pack.js") }

  /// The script of all pages, from the site's folder.
  var script: String { address(of: "site.js") }

  /// Writes the files into a site.
  func write(to folder: SiteFolder) throws(SiteError) {
    for file in files.values { try folder.write(file.content, to: file.address) }
  }

  private func address(of name: String) -> String {
    guard let file = files[name] else { preconditionFailure("there is no \(name) in \(folder)") }
    return file.address
  }
}
