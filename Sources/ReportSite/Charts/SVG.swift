/// Drawings for pages whose policy allows neither inline styles nor scripts: every look comes from
/// classes of the style sheet.
enum SVG {
  /// A drawing with a name for people who do not see it.
  ///
  /// - Parameters:
  ///   - kind: The classes that give the look.
  ///   - size: Width and height of the view box; nil for one that is as large as its element, with
  ///     places in percent, whose text and lines keep their size.
  ///   - label: What it shows, in a sentence.
  ///   - content: The elements inside.
  /// - Returns: An `svg` element.
  static func drawing(
    _ kind: String, size: (width: Double, height: Double)?, label: String, _ content: [String]
  ) -> String {
    let box = size.map { " viewBox=\"0 0 \(number($0.width)) \(number($0.height))\"" } ?? ""
    return "<svg class=\"\(kind)\"\(box) role=\"img\" aria-label=\"\(DisplayText.escaped(label))\">"
      + content.joined() + "</svg>"
  }

  /// A text; `kind` gives its anchor and colour.
  static func text(_ text: String, x: String, y: String, _ kind: String = "") -> String {
    let look = kind.isEmpty ? "" : " class=\"\(kind)\""
    return "<text\(look) x=\"\(x)\" y=\"\(y)\">\(DisplayText.escaped(text))</text>"
  }

  /// A coordinate with at most two decimals.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int((min(max(value, -1e7), 1e7) * 100).rounded())
    if hundredths % 100 == 0 { return "\(hundredths / 100)" }
    let digits = abs(hundredths % 100)
    let sign = hundredths < 0 ? "-" : ""
    let fraction = digits % 10 == 0 ? "\(digits / 10)" : (digits < 10 ? "0\(digits)" : "\(digits)")
    return "\(sign)\(abs(hundredths) / 100).\(fraction)"
  }

  /// A share of a whole in percent.
  static func percent(_ value: Double, of whole: Double) -> String {
    number(whole > 0 ? 100 * value / whole : 0) + "%"
  }
}
