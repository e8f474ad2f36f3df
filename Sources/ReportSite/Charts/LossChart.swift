/// A part of a training run's loss over its steps.
enum LossChart {
  private static let size = (width: 320.0, height: 120.0)
  private static let plot = (left: 14.0, right: 306.0, top: 18.0, bottom: 98.0)

  /// - Returns: An `svg` element: the curve from 0 upwards, with its first and last value.
  static func drawing(_ curve: TrainingLog.Curve) -> String {
    let (first, last) = (curve.steps[0], curve.steps[curve.steps.count - 1])
    let high = max(curve.values.max() ?? 0, 1e-6)
    let points = zip(curve.steps, curve.values).map { step, value in
      let x = plot.left + (plot.right - plot.left) * Double(step - first) / Double(last - first)
      return "\(SVG.number(x)) "
        + SVG.number(plot.bottom - (plot.bottom - plot.top) * value / high)
    }
    let ends = [curve.values[0], curve.values[curve.values.count - 1]].map {
      DisplayText.fixed($0, 3)
    }
    return SVG.drawing(
      "trend scatter", size: size,
      label: "\(curve.name): \(ends[0]) at step \(first), \(ends[1]) at step \(last).",
      [
        "<path class=\"range\" d=\"M\(points.joined(separator: "L"))\"/>",
        SVG.text(ends[0], x: "4", y: "114", "start"), SVG.text(ends[1], x: "316", y: "114", "end"),
      ])
  }
}
