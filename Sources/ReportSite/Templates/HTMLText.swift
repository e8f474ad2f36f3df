/// Text in HTML.
enum HTMLText {
  /// Appends text for an element or a quoted attribute; escaped byte by byte, whatever people see as
  /// one character.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { units in
      var start = 0
      for index in units.indices {
        guard let entity = entity(of: units[index]) else { continue }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: units[start..<index]))
        entity.withUTF8Buffer { bytes.append(contentsOf: $0) }
        start = index + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: units[start...]))
    }
  }

  /// Text for an element or a quoted attribute.
  static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { entity(of: $0) != nil }) else { return text }
    var bytes: [UInt8] = []
    append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func entity(of unit: UInt8) -> StaticString? {
    switch unit {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
  }
}
