/// Differences with their intervals, one row each, on one scale around no difference.
struct DifferenceChart {
  /// The scale reaches as far to either side as the widest interval.
  let reach: Double

  /// - Parameter values: All bounds and differences that are drawn.
  init(_ values: [Double]) {
    reach = max(0.01, values.map(abs).filter(\.isFinite).max() ?? 0) * 1.08
  }

  /// One row.
  ///
  /// - Parameters:
  ///   - difference: The difference.
  ///   - interval: Its interval.
  ///   - kind: `better`, `worse` or `same`.
  /// - Returns: An `svg` element.
  func row(_ difference: Double, interval: [Double]?, kind: String) -> String {
    let place = { (value: Double) in SVG.number(100 + 100 * min(max(value / reach, -1), 1)) }
    var content = ["<path class=\"zero\" d=\"M100 0V16\"/>"]
    if let interval, interval.count == 2 {
      let (low, high) = (place(interval[0]), place(interval[1]))
      content.append("<path class=\"whisker\" d=\"M\(low) 8H\(high)M\(low) 5V11M\(high) 5V11\"/>")
    }
    content.append("<circle cx=\"\(place(difference))\" cy=\"8\" r=\"3.5\"/>")
    return "<svg class=\"difference \(kind)\" viewBox=\"-6 0 212 16\" aria-hidden=\"true\">"
      + content.joined() + "</svg>"
  }
}
