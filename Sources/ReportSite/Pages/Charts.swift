/// Drawings in SVG for pages whose policy allows neither inline styles nor scripts: every look
/// comes from classes of the style sheet.
enum Charts {
  /// One strip of a timeline: a bar for each stretch of the clip, its height a share of the strip.
  ///
  /// - Parameters:
  ///   - bars: Start, end and height (0 to 1) of each bar, in seconds of the clip.
  ///   - duration: The length of the strip in seconds.
  ///   - label: What the strip shows, for people who do not see it.
  ///   - kind: The class that gives the colour.
  /// - Returns: An `svg` element.
  static func strip(
    _ bars: [(start: Double, end: Double, height: Double)], duration: Double, label: String,
    kind: String
  ) -> String {
    let scale = duration > 0 ? 1000 / duration : 0
    let drawn = bars.map { bar in
      let height = min(max(bar.height, 0), 1) * 40
      return "<rect x=\"\(number(bar.start * scale))\" y=\"\(number(40 - height))\" "
        + "width=\"\(number(max(0.5, (bar.end - bar.start) * scale - 2)))\" "
        + "height=\"\(number(height))\"/>"
    }
    return "<svg class=\"strip \(kind)\" viewBox=\"0 0 1000 40\" preserveAspectRatio=\"none\" "
      + "role=\"img\" aria-label=\"\(DisplayText.escaped(label))\">\(drawn.joined())</svg>"
  }

  /// A horizontal bar from 0 to 1 with a whisker for its interval.
  static func bar(_ value: Double, interval: [Double]?) -> String {
    let length = min(max(value, 0), 1) * 200
    var drawn =
      "<rect class=\"track\" width=\"200\" height=\"12\" rx=\"2\"/>"
      + "<rect class=\"fill\" width=\"\(number(length))\" height=\"12\" rx=\"2\"/>"
    if let interval, interval.count == 2 {
      let low = number(min(max(interval[0], 0), 1) * 200)
      let high = number(min(max(interval[1], 0), 1) * 200)
      drawn +=
        "<path class=\"whisker\" d=\"M\(low) 6H\(high)M\(low) 3V9M\(high) 3V9\"/>"
    }
    return "<svg class=\"bar\" viewBox=\"0 0 200 12\" aria-hidden=\"true\">\(drawn)</svg>"
  }

  /// Bars of a histogram over 0 to 1.
  ///
  /// - Parameters:
  ///   - counts: How many values are in each of equally wide bins.
  ///   - label: A summary in words.
  /// - Returns: An `svg` element.
  static func histogram(_ counts: [Int], label: String) -> String {
    let most = max(1, counts.max() ?? 1)
    let width = 600 / Double(max(1, counts.count))
    var drawn = "<path class=\"axis\" d=\"M0 160.5H600\"/>"
    for (index, count) in counts.enumerated() {
      let height = 130 * Double(count) / Double(most)
      let x = Double(index) * width
      drawn +=
        "<rect class=\"fill\" x=\"\(number(x + 3))\" y=\"\(number(160 - height))\" "
        + "width=\"\(number(width - 6))\" height=\"\(number(height))\"/>"
      if count > 0 {
        drawn +=
          "<text class=\"value\" x=\"\(number(x + width / 2))\" y=\"\(number(154 - height))\">"
          + "\(count)</text>"
      }
      drawn +=
        "<text x=\"\(number(x))\" y=\"178\">"
        + "\(DisplayText.fixed(Double(index) / Double(counts.count), 1))</text>"
    }
    drawn += "<text x=\"600\" y=\"178\">1.0</text>"
    return "<svg class=\"histogram\" viewBox=\"-12 0 624 184\" role=\"img\" "
      + "aria-label=\"\(DisplayText.escaped(label))\">\(drawn)</svg>"
  }

  /// A coordinate with at most two decimals.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let text = DisplayText.fixed(value, 2)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }
}
