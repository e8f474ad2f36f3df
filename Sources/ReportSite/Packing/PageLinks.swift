/// The addresses in the tags of a finished page, to give others for them.
///
/// The pages are those of the site's own templates: attributes stand in double quotation marks, and
/// addresses within the site are plain ASCII.
struct PageLinks {
  /// An address within the site that an attribute holds.
  struct Link {
    /// The element's name, for example `img`.
    let element: String
    /// The attribute's name: `href`, `src` or `poster`.
    let attribute: String
    /// The file, from the site's folder.
    let path: String
    /// Everything from `#` on, as it stands in the page; empty without one.
    let fragment: String
  }

  /// What becomes of an attribute.
  enum Answer: Equatable {
    /// It holds this text, which is written as it is.
    case address(String)
    /// It goes.
    case remove
  }

  private static let attributes: Set<String> = ["href", "src", "poster"]

  /// The page's path from the site's folder.
  let page: String

  /// Writes a page again, with other addresses.
  ///
  /// Addresses elsewhere, with a scheme of their own, and within the page stay as they are.
  ///
  /// - Parameters:
  ///   - html: The page, or a part of it.
  ///   - answer: Says what becomes of an address within the site.
  /// - Returns: The page with the answers in place.
  func rewritten(
    _ html: ArraySlice<UInt8>, _ answer: (Link) throws -> Answer
  ) rethrows -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(html.count)
    var copied = html.startIndex
    var reader = TagReader(html)
    while let attribute = reader.next() {
      guard Self.attributes.contains(attribute.name), let link = link(in: attribute) else {
        continue
      }
      switch try answer(link) {
      case .address(let address):
        result += html[copied..<attribute.value.lowerBound]
        result += address.utf8
        copied = attribute.value.upperBound
      case .remove:
        result += html[copied..<attribute.start]
        copied = attribute.value.upperBound + 1
      }
    }
    return result + html[copied...]
  }

  private func link(in attribute: TagReader.Attribute) -> Link? {
    let text = attribute.text
    let path = text.prefix { $0 != "#" }
    guard !path.isEmpty, !path.prefix(while: { $0 != "/" }).contains(":") else { return nil }
    return Link(
      element: attribute.element, attribute: attribute.name, path: resolved(path),
      fragment: String(text.dropFirst(path.count)))
  }

  /// A path relative to the page, from the site's folder.
  private func resolved(_ path: Substring) -> String {
    var parts = page.split(separator: "/").dropLast()
    for part in path.split(separator: "/") {
      switch part {
      case ".": break
      case "..": parts = parts.dropLast()
      default: parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }
}

/// Reads the attributes of a page's tags one after the other; what is inside of scripts is no tag.
struct TagReader {
  struct Attribute {
    let element: String
    let name: String
    /// Where the space before the attribute begins.
    let start: Int
    /// Where its value is, without the quotation marks.
    let value: Range<Int>
    let text: String
  }

  private let html: ArraySlice<UInt8>
  private var place: Int
  /// The element whose attributes are being read.
  private var element: String?

  init(_ html: ArraySlice<UInt8>) {
    self.html = html
    place = html.startIndex
  }

  /// The next attribute with a value in double quotation marks; nil at the end.
  mutating func next() -> Attribute? {
    while place < html.endIndex {
      if element == nil, !findTag() { return nil }
      if let attribute = nextOfTag() { return attribute }
      if element == "script" { skipScript() }
      element = nil
    }
    return nil
  }

  private mutating func findTag() -> Bool {
    while let open = html[place...].firstIndex(of: UInt8(ascii: "<")), open + 1 < html.endIndex {
      place = open + 1
      guard Self.isLetter(html[place]) else { continue }
      let end = html[place...].firstIndex { !Self.isNamePart($0) } ?? html.endIndex
      element = String(decoding: html[place..<end], as: UTF8.self).lowercased()
      place = end
      return true
    }
    place = html.endIndex
    return false
  }

  private mutating func nextOfTag() -> Attribute? {
    while place < html.endIndex {
      let start = place
      while place < html.endIndex, html[place] <= 0x20 || html[place] == UInt8(ascii: "/") {
        place += 1
      }
      guard place < html.endIndex, html[place] != UInt8(ascii: ">") else { break }
      let nameStart = place
      while place < html.endIndex, Self.isNamePart(html[place]) { place += 1 }
      let name = html[nameStart..<place]
      guard !name.isEmpty else {
        place += 1
        continue
      }
      guard html[place...].starts(with: [UInt8(ascii: "="), UInt8(ascii: "\"")]) else { continue }
      let value = place + 2
      let end = html[value...].firstIndex(of: UInt8(ascii: "\"")) ?? html.endIndex
      place = min(end + 1, html.endIndex)
      return Attribute(
        element: element ?? "", name: String(decoding: name, as: UTF8.self).lowercased(),
        start: start, value: value..<end, text: String(decoding: html[value..<end], as: UTF8.self))
    }
    return nil
  }

  private mutating func skipScript() {
    place = html[place...].place(of: "</script") ?? html.endIndex
  }

  private static func isLetter(_ unit: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(unit | 0x20)
  }

  private static func isNamePart(_ unit: UInt8) -> Bool {
    isLetter(unit) || (0x30...0x39).contains(unit) || unit == UInt8(ascii: "-")
  }
}
