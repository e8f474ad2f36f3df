/// Turns the text of a template into parts.
///
/// A line with nothing but a section, partial, block or comment tag leaves no empty line behind, as
/// Mustache's specification has it.
struct TemplateParser {
  private let bytes: [UInt8]
  private var place = 0
  private var line = 1

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The parts up to the closing tag of `name`, or up to the end.
  mutating func parts(until name: String?) throws(Template.Problem) -> [Template.Part] {
    var parts: [Template.Part] = []
    let opened = line
    while true {
      var text = textUpToTag()
      guard place < bytes.count else {
        if let name { throw problem("{{/\(name)}} is missing", on: opened) }
        if !text.isEmpty { parts.append(.text(text)) }
        return parts
      }
      let tag = try tag()
      if tag.leavesNoLine { dropLine(around: tag, &text) }
      if !text.isEmpty { parts.append(.text(text)) }
      if tag.sign == "/" {
        guard tag.name == name else {
          throw problem("{{/\(tag.name)}} closes nothing that is open", on: tag.line)
        }
        return parts
      }
      if let part = try part(for: tag) { parts.append(part) }
    }
  }

  private mutating func part(for tag: Tag) throws(Template.Problem) -> Template.Part? {
    let name = Template.Name(tag.name)
    switch tag.sign {
    case "!": return nil
    case "#": return .section(name, try parts(until: tag.name))
    case "^": return .inverted(name, try parts(until: tag.name))
    case ">": return .partial(tag.name, line: tag.line)
    case "$": return .block(tag.name, try parts(until: tag.name))
    case "<":
      var blocks: [String: [Template.Part]] = [:]
      for case .block(let block, let content) in try parts(until: tag.name) {
        blocks[block] = content
      }
      return .parent(tag.name, blocks: blocks, line: tag.line)
    default: return .variable(name, isEscaped: tag.sign == nil)
    }
  }

  // MARK: Tags

  private struct Tag {
    /// What the tag does: nil for an escaped variable, `{` or `&` for one that is not.
    let sign: Character?
    let name: String
    let line: Int
    let start: Int

    var leavesNoLine: Bool { sign.map { "#^/><$!".contains($0) } ?? false }
  }

  private mutating func textUpToTag() -> [UInt8] {
    let start = place
    let brace = UInt8(ascii: "{")
    while place < bytes.count {
      if bytes[place] == brace, place + 1 < bytes.count, bytes[place + 1] == brace { break }
      if bytes[place] == UInt8(ascii: "\n") { line += 1 }
      place += 1
    }
    return Array(bytes[start..<place])
  }

  private mutating func tag() throws(Template.Problem) -> Tag {
    let start = place
    let isTriple = place + 2 < bytes.count && bytes[place + 2] == UInt8(ascii: "{")
    let closing = Array((isTriple ? "}}}" : "}}").utf8)
    let content = place + closing.count
    var end = content
    while end + closing.count <= bytes.count, !bytes[end...].starts(with: closing) { end += 1 }
    guard end + closing.count <= bytes.count else { throw problem("a tag does not end", on: line) }
    var text = String(decoding: bytes[content..<end], as: UTF8.self)
    var sign: Character? = isTriple ? "{" : nil
    if !isTriple, let first = text.first, "#^/><$!&".contains(first) {
      sign = first
      text.removeFirst()
    }
    let opened = line
    line += bytes[content..<end].count { $0 == UInt8(ascii: "\n") }
    place = end + closing.count
    let name = text.trimmingBlanks
    if sign != "!" {
      if name.isEmpty { throw problem("a tag has no name", on: opened) }
      guard name.utf8.allSatisfy(Self.isOfNames) else {
        throw problem("{{\(text)}} is no tag that is known", on: opened)
      }
    }
    return Tag(sign: sign, name: name, line: opened, start: start)
  }

  private static func isOfNames(_ unit: UInt8) -> Bool {
    switch unit {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// Takes the rest of the line away when nothing else is on it.
  private mutating func dropLine(around tag: Tag, _ text: inout [UInt8]) {
    let before = text.reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
    let lineStart = tag.start - before
    guard lineStart == 0 || bytes[lineStart - 1] == 0x0A else { return }
    var after = place
    while after < bytes.count, bytes[after] == 0x20 || bytes[after] == 0x09 { after += 1 }
    guard after == bytes.count || bytes[after] == 0x0A else { return }
    if after < bytes.count { line += 1 }
    place = min(bytes.count, after + 1)
    text.removeLast(before)
  }

  private func problem(_ reason: String, on line: Int) -> Template.Problem {
    Template.Problem(line: line, reason: reason)
  }
}

extension String {
  /// The text without spaces and line breaks at its ends.
  fileprivate var trimmingBlanks: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
