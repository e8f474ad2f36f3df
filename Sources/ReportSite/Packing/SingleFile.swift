import Foundation
import Media

/// Puts pages of a finished site with everything that they show into one HTML file.
///
/// The first page stands in it as it is and needs no script to be read; the others are shown by
/// `pack.js` at the address `?` and the page's path. Only scripts with the hashes that the file's
/// policy lists can run.
struct SingleFile {
  /// What a browser opens without complaint; also what most mail passes on is less than this.
  static let mostBytes = 100 << 20

  /// By what a file is known as made here, so that no other is ever replaced.
  static let mark = "<meta name=\"generator\" content=\"avu single-file\">"

  /// The finished site's folder.
  let site: String
  let templates: PageTemplates
  let assets: SiteAssets
  /// The page that is shown first.
  let start: String
  /// All pages, from the site's folder.
  let pages: Set<String>

  /// What `pack.js` reads.
  private struct Pack: Encodable {
    var pages: [String: PackedPage] = [:]
    var scripts: [String: String] = [:]
    var files: [String: String] = [:]
    /// The scripts of the first page.
    let first: [String]
    /// The names of the files that its links hold, in order.
    var names: [String] = []
  }

  /// The view of the whole file.
  struct View: Encodable {
    let mark: String
    let title: String
    let policy: String
    let style: String
    let body: String
    let pack: String
    let loader: String
  }

  /// The whole file.
  ///
  /// - Returns: Its bytes.
  /// - Throws: ``SiteError``.
  func content() throws -> [UInt8] {
    let first = try FinishedPage(start, in: site)
    var pack = Pack(first: first.scripts)
    let body = try PageLinks(page: start).rewritten(first.body) { link in
      if let answer = answer(to: link) { return answer }
      if link.element == "a" { pack.names.append((link.path as NSString).lastPathComponent) }
      return .address(try PackedFile.dataURL(link.path, in: site))
    }
    for path in pages.sorted() where path != start { pack.pages[path] = try packed(path, &pack) }
    if showsLists {
      for path in SiteListing(site).thumbnails {
        pack.files[path] = try PackedFile.dataURL(path, in: site)
      }
    }
    for path in scripts(of: pack) {
      pack.scripts[path] = String(decoding: try SiteFile.read(site + "/" + path), as: UTF8.self)
    }
    let style = try text(assets.stylesheet)
    let loader = try text(assets.packScript)
    let view = View(
      mark: Self.mark, title: first.title,
      policy: policy(style: style, scripts: [loader] + pack.scripts.values.sorted()), style: style,
      body: String(decoding: body, as: UTF8.self), pack: try JSONText.block(pack), loader: loader)
    let content = try templates.page("single-file", view)
    guard content.count <= Self.mostBytes else {
      throw SiteError.tooLarge(bytes: content.count, most: Self.mostBytes)
    }
    return content
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try SiteFile.read(site + "/" + path), as: UTF8.self)
  }

  private func scripts(of pack: Pack) -> Set<String> {
    let own = Set(pack.first + pack.pages.values.flatMap(\.scripts))
    guard showsLists else { return own }
    // Scripts of the index are read when a list is shown.
    let index = (try? FileManager.default.contentsOfDirectory(atPath: site + "/index")) ?? []
    return own.union(index.filter { $0.hasSuffix(".js") }.map { "index/" + $0 })
  }

  /// Whether pages are inside that list clips.
  private var showsLists: Bool { pages.contains("index.html") }

  private func packed(_ path: String, _ pack: inout Pack) throws -> PackedPage {
    let page = try FinishedPage(path, in: site)
    let body = try PageLinks(page: path).rewritten(page.body) { link in
      if let answer = answer(to: link) { return answer }
      pack.files[link.path] =
        try pack.files[link.path] ?? PackedFile.content(link.path, in: site)
      return .address(PackedFile.scheme + link.path)
    }
    return PackedPage(
      title: page.title, body: String(decoding: body, as: UTF8.self), scripts: page.scripts,
      files: [:])
  }

  /// What becomes of a link that needs no file; nil for one whose file has to come along.
  private func answer(to link: PageLinks.Link) -> PageLinks.Answer? {
    if link.path == start { return .address("?" + link.fragment) }
    if pages.contains(link.path) { return .address("?\(link.path)\(link.fragment)") }
    if link.path.hasSuffix(".html") { return .remove }
    guard SiteListing.isVideo(link.path), link.element == "a" else { return nil }
    // The player has the video already; to save it is in the player's own menu.
    return .address(link.fragment.isEmpty ? "#video" : link.fragment)
  }

  private func policy(style: String, scripts: [String]) -> String {
    let hash = { (text: String) in "'sha256-\(Self.hash(of: text).base64EncodedString())'" }
    return "default-src 'none'; script-src \(scripts.map(hash).joined(separator: " ")); "
      + "style-src \(hash(style)); img-src data: blob:; media-src data: blob:; base-uri 'none'; "
      + "form-action 'none'"
  }

  /// SHA-256 of a text, as its 32 bytes.
  private static func hash(of text: String) -> Data {
    let digits = Array(ContentHash.sha256(of: Array(text.utf8)))
    return Data(
      stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0..<($0 + 2)]), radix: 16)
      })
  }
}
