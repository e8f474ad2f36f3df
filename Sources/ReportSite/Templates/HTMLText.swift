import Mustache

/// Text in HTML, escaped byte by byte.
///
/// Mustache's own escaping goes by what people see as characters, so that a quotation mark under a
/// combining accent passes as it is, and ends the attribute that it stands in. Templates therefore
/// begin with the pragma ``pragma``.
struct HTMLText: MustacheContentType {
  /// What every template begins with.
  static let pragma = "{{% CONTENT_TYPE:AVU-HTML}}"

  /// Makes the pragma known.
  static func register() { MustacheContentTypes.register(HTMLText(), named: "AVU-HTML") }

  /// Text for an element or a quoted attribute.
  func escapeText(_ text: String) -> String {
    guard text.utf8.contains(where: { Self.escape(of: $0) != nil }) else { return text }
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.utf8.count + 16)
    for unit in text.utf8 {
      if let escape = Self.escape(of: unit) { escaped += escape.utf8 } else { escaped.append(unit) }
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  private static func escape(of unit: UInt8) -> String? {
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
