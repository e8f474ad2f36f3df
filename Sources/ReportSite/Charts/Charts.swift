/// Drawings in SVG for pages whose policy allows neither inline styles nor scripts: every look
/// comes from classes of the style sheet.
enum Charts {
  /// A horizontal bar from 0 to 1 with a whisker for its interval.
  static func bar(_ value: Double, interval: [Double]?) -> String {
    let length = min(max(value, 0), 1) * 200
    var drawn =
      "<rect class=\"track\" width=\"200\" height=\"12\" rx=\"2\"/>"
      + "<rect class=\"fill\" width=\"\(SVG.number(length))\" height=\"12\" rx=\"2\"/>"
    if let interval, interval.count == 2 {
      let low = SVG.number(min(max(interval[0], 0), 1) * 200)
      let high = SVG.number(min(max(interval[1], 0), 1) * 200)
      drawn +=
        "<path class=\"whisker\" d=\"M\(low) 6H\(high)M\(low) 3V9M\(high) 3V9\"/>"
    }
    return "<svg class=\"bar\" viewBox=\"0 0 200 12\" aria-hidden=\"true\">\(drawn)</svg>"
  }

  /// Where a figure lies on its scale, with its interval as a bar around it; nil without one.
  static func interval(_ value: Double, _ bounds: [Double]?, scale: Double) -> String? {
    guard let bounds, bounds.count == 2, value.isFinite else { return nil }
    let place = { (value: Double) in 2 + 116 * min(max(value / scale, 0), 1) }
    let (low, high) = (place(bounds[0]), place(bounds[1]))
    return "<svg class=\"interval\" viewBox=\"0 0 120 10\" aria-hidden=\"true\">"
      + "<rect class=\"track\" y=\"3\" width=\"120\" height=\"4\" rx=\"2\"/>"
      + "<rect class=\"spread\" x=\"\(SVG.number(low))\" y=\"2\" width=\"\(SVG.number(max(1, high - low)))\" height=\"6\" rx=\"3\"/>"
      + "<circle class=\"dot\" cx=\"\(SVG.number(place(value)))\" cy=\"5\" r=\"2.5\"/></svg>"
  }

  /// Bars of a histogram over 0 to `scale`.
  ///
  /// - Parameters:
  ///   - counts: How many values are in each of equally wide bins.
  ///   - scale: Where the last bin ends.
  ///   - label: A summary in words.
  /// - Returns: An `svg` element.
  static func histogram(_ counts: [Int], scale: Double = 1, label: String) -> String {
    let most = max(1, counts.max() ?? 1)
    let width = 600 / Double(max(1, counts.count))
    var drawn = "<path class=\"axis\" d=\"M0 160.5H600\"/>"
    for (index, count) in counts.enumerated() {
      let height = 130 * Double(count) / Double(most)
      let x = Double(index) * width
      drawn +=
        "<rect class=\"fill\" x=\"\(SVG.number(x + 3))\" y=\"\(SVG.number(160 - height))\" "
        + "width=\"\(SVG.number(width - 6))\" height=\"\(SVG.number(height))\"/>"
      if count > 0 {
        drawn +=
          "<text class=\"value\" x=\"\(SVG.number(x + width / 2))\" y=\"\(SVG.number(154 - height))\">"
          + "\(count)</text>"
      }
      drawn +=
        "<text x=\"\(SVG.number(x))\" y=\"178\">"
        + "\(DisplayText.fixed(scale * Double(index) / Double(counts.count), scale > 1 ? 0 : 1))</text>"
    }
    drawn += cumulative(counts, width: width)
    drawn += "<text x=\"600\" y=\"178\">\(DisplayText.fixed(scale, scale > 1 ? 0 : 1))</text>"
    return "<svg class=\"histogram\" viewBox=\"-12 0 624 184\" role=\"img\" "
      + "aria-label=\"\(DisplayText.escaped(label))\">\(drawn)</svg>"
  }

  /// The share of values below each place, as a line from the bottom left to the top right.
  private static func cumulative(_ counts: [Int], width: Double) -> String {
    let total = counts.reduce(0, +)
    guard total > 0 else { return "" }
    var below = 0
    var path = "M0 160"
    for (index, count) in counts.enumerated() {
      below += count
      let share = Double(below) / Double(total)
      path += "L\(SVG.number(Double(index + 1) * width)) \(SVG.number(160 - 130 * share))"
    }
    return "<path class=\"ecdf\" d=\"\(path)\"/>"
  }
}
