/// A figure of runs one after another, with intervals, and the best so far as steps.
struct TrendChart {
  /// One run.
  struct Point {
    let name: String
    /// What stands before the figure of the first and the last, for example a year.
    var when = ""
    let value: Double
    let interval: [Double]?
  }

  private static let size = (width: 320.0, height: 120.0)
  private static let plot = (left: 14.0, right: 306.0, top: 18.0, bottom: 98.0)

  /// - Parameters:
  ///   - points: The runs, oldest first; at least two.
  ///   - label: What it shows, in a sentence.
  /// - Returns: An `svg` element.
  static func drawing(_ points: [Point], label: String) -> String {
    let bounds = points.flatMap { [$0.value] + ($0.interval ?? []) }.filter(\.isFinite)
    let (low, high) = (bounds.min() ?? 0, max(bounds.max() ?? 1, (bounds.min() ?? 0) + 1e-3))
    let place = { (index: Int, value: Double) in
      (
        plot.left + (plot.right - plot.left) * Double(index) / Double(max(1, points.count - 1)),
        plot.bottom - (plot.bottom - plot.top) * (value - low) / (high - low)
      )
    }
    var content: [String] = []
    var best = -Double.infinity
    var steps = ""
    for (index, point) in points.enumerated() {
      let x = SVG.number(place(index, point.value).0)
      best = max(best, point.value)
      let y = SVG.number(place(index, best).1)
      steps += steps.isEmpty ? "M\(x) \(y)" : "H\(x)V\(y)"
    }
    content.append("<path class=\"front\" d=\"\(steps)\"/>")
    for (index, point) in points.enumerated() {
      let (x, y) = place(index, point.value)
      let centre = SVG.number(x)
      if let interval = point.interval, interval.count == 2 {
        let ends = interval.map { SVG.number(place(index, $0).1) }
        content.append("<path class=\"whisker\" d=\"M\(centre) \(ends[0])V\(ends[1])\"/>")
      }
      content.append(
        "<circle class=\"measured\" cx=\"\(centre)\" cy=\"\(SVG.number(y))\" r=\"4\"><title>"
          + DisplayText.escaped("\(point.name): \(DisplayText.fixed(point.value, 3))")
          + "</title></circle>")
    }
    let ends = [(0, "start"), (points.count - 1, "end")]
    for (index, anchor) in ends {
      content.append(
        SVG.text(
          points[index].when + DisplayText.fixed(points[index].value, 3),
          x: SVG.number(place(index, points[index].value).0 + (index == 0 ? -10 : 10)), y: "114",
          anchor))
    }
    return SVG.drawing("trend scatter", size: size, label: label, content)
  }
}
