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
  func escapeText(_ text: String) -> String { DisplayText.escaped(text) }
}
