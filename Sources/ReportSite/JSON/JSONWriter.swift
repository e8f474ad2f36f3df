/// Writes values as JSON: members in order of their names, so the same value gives the same bytes.
struct JSONWriter {
  /// What a document is for.
  enum Style {
    /// For people and programs: indented, a line break at the end.
    case document

    /// For a `<script>` element: on one line, and no character can end the element or the line.
    case block
  }

  private(set) var bytes: [UInt8] = []
  private let style: Style
  private var depth = 0

  /// The bytes of a value.
  static func bytes(of value: PlainValue, style: Style) -> [UInt8] {
    var writer = JSONWriter(style: style)
    writer.bytes.reserveCapacity(4096)
    writer.write(value)
    if style == .document { writer.bytes.append(UInt8(ascii: "\n")) }
    return writer.bytes
  }

  private init(style: Style) { self.style = style }

  private mutating func write(_ value: PlainValue) {
    switch value {
    case .absent, .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .integer(let value): append(value.description)
    case .number(let value): append(Self.number(value))
    case .text(let text): write(text)
    case .list(let elements):
      if elements.allSatisfy(\.isPlain) { return writeOnOneLine(elements) }
      between("[", "]", elements) { $0.write($1) }
    case .object(let fields):
      let present = fields.indices.filter { !fields[$0].value.isAbsent }
        .sorted { fields[$0].name < fields[$1].name }
      between("{", "}", present) { writer, index in
        let field = fields[index]
        writer.write(field.name)
        writer.append(writer.style == .document ? ": " : ":")
        writer.write(field.value)
      }
    }
  }

  private mutating func between<Element>(
    _ opening: StaticString, _ closing: StaticString, _ elements: [Element],
    _ body: (inout JSONWriter, Element) -> Void
  ) {
    append(opening)
    depth += 1
    for (index, element) in elements.enumerated() {
      if index > 0 { append(",") }
      breakLine()
      body(&self, element)
    }
    depth -= 1
    if !elements.isEmpty { breakLine() }
    append(closing)
  }

  private mutating func writeOnOneLine(_ elements: [PlainValue]) {
    append("[")
    for (index, element) in elements.enumerated() {
      if index > 0 { append(style == .document ? ", " : ",") }
      write(element)
    }
    append("]")
  }

  private mutating func breakLine() {
    guard style == .document else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  // MARK: Text and numbers

  private mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { units in
      var start = 0
      for index in units.indices where mayNeedEscape(units[index]) {
        guard let escape = escape(of: units, at: index) else { continue }
        bytes.append(contentsOf: units[start..<index])
        append(escape.text)
        start = index + escape.units
      }
      if start < units.count {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: units[start...]))
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private func mayNeedEscape(_ unit: UInt8) -> Bool {
    if unit < 0x20 || unit == UInt8(ascii: "\"") || unit == UInt8(ascii: "\\") || unit == 0x7F {
      return true
    }
    guard style == .block else { return false }
    return unit == UInt8(ascii: "<") || unit == UInt8(ascii: ">") || unit == UInt8(ascii: "&")
      || unit == 0xE2
  }

  private func escape(
    of units: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (text: String, units: Int)? {
    let unit = units[index]
    switch unit {
    case UInt8(ascii: "\""): return ("\\\"", 1)
    case UInt8(ascii: "\\"): return ("\\\\", 1)
    case UInt8(ascii: "\n"): return ("\\n", 1)
    case UInt8(ascii: "\t"): return ("\\t", 1)
    // U+2028 and U+2029 end a line of a script.
    case 0xE2:
      guard index + 2 < units.count, units[index + 1] == 0x80 else { return nil }
      return units[index + 2] == 0xA8
        ? ("\\u2028", 3) : units[index + 2] == 0xA9 ? ("\\u2029", 3) : nil
    default: return (Self.hexadecimal(unit), 1)
    }
  }

  private static func hexadecimal(_ unit: UInt8) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// The shortest digits that give the number back; what is no number as a text.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else {
      return value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\""
    }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }
}

extension PlainValue {
  fileprivate var isAbsent: Bool { if case .absent = self { true } else { false } }

  /// Whether it is neither a list nor an object.
  fileprivate var isPlain: Bool {
    switch self {
    case .list, .object: false
    default: true
    }
  }
}
