/// Drawings in SVG for pages whose policy allows neither inline styles nor scripts: every look
/// comes from classes of the style sheet.
enum Charts {
  /// A horizontal bar from 0 to 1 with a whisker for its interval; below it, where quartiles are
  /// given, a line from the lowest to the highest value, thick in the middle half, cut at the median.
  static func bar(_ value: Double, interval: [Double]?, quartiles: Quartiles? = nil) -> String {
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
    if let quartiles {
      let place = { (value: Double) in SVG.number(min(max(value, 0), 1) * 200) }
      let (low, high) = (place(quartiles.quarter), place(quartiles.threeQuarters))
      let middle = place(quartiles.median)
      drawn +=
        "<path class=\"range\" d=\"M\(place(quartiles.lowest)) 18H\(place(quartiles.highest))\"/>"
        + "<path class=\"box\" d=\"M\(low) 18H\(high)\"/>"
        + "<path class=\"whisker\" d=\"M\(middle) 14.5V21.5\"/>"
    }
    let size = quartiles == nil ? "12\"" : "23\" data-box"
    return "<svg class=\"bar\" viewBox=\"0 0 200 \(size) aria-hidden=\"true\">\(drawn)</svg>"
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
    }
    drawn += cumulative(counts, width: width)
    // Numbers last, with a rim, so that neither bars nor the line run through them.
    for (index, count) in counts.enumerated() where count > 0 {
      let height = 130 * Double(count) / Double(most)
      drawn += SVG.text(
        "\(count)", x: SVG.number((Double(index) + 0.5) * width), y: SVG.number(154 - height),
        "value")
    }
    for index in 0...counts.count {
      let end = index == 0 ? " first" : index == counts.count ? " last" : ""
      drawn += SVG.text(
        DisplayText.fixed(scale * Double(index) / Double(max(1, counts.count)), scale > 1 ? 0 : 1),
        x: SVG.number(Double(index) * width), y: "178", (index % 2 == 1 ? "tick odd" : "tick") + end
      )
    }
    return "<svg class=\"histogram\" viewBox=\"-2 0 604 184\" role=\"img\" "
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
