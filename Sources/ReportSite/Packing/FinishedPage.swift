import Foundation

/// A page of a finished site, taken apart.
struct FinishedPage {
  /// The page's path from the site's folder.
  let path: String

  /// The whole page.
  let html: [UInt8]

  /// Reads a page.
  ///
  /// - Throws: ``SiteError/cannotRead(path:reason:)``.
  init(_ path: String, in site: String) throws(SiteError) {
    self.path = path
    html = try SiteFile.read(site + "/" + path)
  }

  /// Takes a page apart that is in memory.
  init(_ path: String, html: [UInt8]) {
    self.path = path
    self.html = html
  }

  /// The title, as HTML.
  var title: String {
    String(decoding: html[inside("<title>", "</title>")], as: UTF8.self)
  }

  /// What is inside of the page's body.
  var body: ArraySlice<UInt8> { html[inside("<body>", "</body>")] }

  /// The scripts that the page loads, from the site's folder, in order.
  var scripts: [String] {
    var scripts: [String] = []
    _ = PageLinks(page: path).rewritten(html[..<inside("<body>", "</body>").lowerBound]) { link in
      if link.element == "script" { scripts.append(link.path) }
      return .remove
    }
    return scripts
  }

  /// The page with another script before the first, or instead of all.
  ///
  /// - Parameters:
  ///   - tag: The script's tags.
  ///   - replaces: Whether the page's own scripts go.
  /// - Returns: The page.
  func withScript(_ tag: String, replaces: Bool = false) -> [UInt8] {
    let head = html[..<inside("<body>", "</body>").lowerBound]
    let script = Array("<script src=".utf8)
    let lines = head.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(where: { $0.starts(with: script) }) else { return html }
    let rest = lines[first...].filter { !(replaces && $0.starts(with: script)) }
    let whole = Array(lines[..<first]) + [ArraySlice(tag.utf8)] + rest
    return Array(whole.joined(separator: [0x0A])) + html[head.endIndex...]
  }

  private func inside(_ opening: StaticString, _ closing: StaticString) -> Range<Int> {
    let start = html[...].place(of: opening).map { $0 + opening.utf8CodeUnitCount } ?? html.count
    return start..<(html[start...].place(of: closing) ?? html.count)
  }
}

extension ArraySlice<UInt8> {
  /// Where a text that begins with `<` stands first; nil when it does not.
  func place(of text: StaticString) -> Int? {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    var place = startIndex
    while let open = self[place...].firstIndex(of: UInt8(ascii: "<")) {
      if self[open...].starts(with: wanted) { return open }
      place = open + 1
    }
    return nil
  }
}

/// A page that is kept with others in one file: what the script `pack.js` shows.
struct PackedPage: Encodable {
  /// The title, as HTML.
  let title: String
  /// The content of the body; `pack:` and a path stand for an address of a file in ``files``.
  let body: String
  /// The scripts that it needs, from the site's folder, in order.
  let scripts: [String]
  /// Files that the page shows or offers, by path from the site's folder: text as it is, anything
  /// else as `data:` URL.
  let files: [String: String]
}

/// A file of a finished site as text for a script or an attribute.
enum PackedFile {
  /// What stands before the path of a packed file in an attribute.
  static let scheme = "pack:"

  private static let types = [
    "jpg": "image/jpeg", "webp": "image/webp", "png": "image/png",
    "mp4": "video/mp4", "webm": "video/webm", "ogv": "video/ogg", "json": "application/json",
    "vtt": "text/vtt", "css": "text/css",
    "atom": "application/atom+xml",
  ]

  /// Whether a file is text.
  static func isText(_ path: String) -> Bool {
    ["json", "vtt", "srt", "csv", "txt", "atom"].contains((path as NSString).pathExtension)
  }

  /// The file as `data:` URL.
  static func dataURL(_ path: String, in site: String) throws(SiteError) -> String {
    let type = types[(path as NSString).pathExtension] ?? "application/octet-stream"
    let content = Data(try SiteFile.read(site + "/" + path)).base64EncodedString()
    return "data:\(type);base64,\(content)"
  }

  /// Text as it is, anything else as `data:` URL.
  static func content(_ path: String, in site: String) throws(SiteError) -> String {
    guard isText(path) else { return try dataURL(path, in: site) }
    return String(decoding: try SiteFile.read(site + "/" + path), as: UTF8.self)
  }
}
