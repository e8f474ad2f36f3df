import Experiments
import Foundation

/// Models by their time for a sample and the work that it takes, both on logarithmic scales; those
/// that no other undercuts in both are joined by a line.
enum EfficiencyChart {
  private struct Point {
    let name: String
    let x: Double
    let y: Double
    let isMeasured: Bool
  }

  private static let size = (width: 720.0, height: 340.0)
  private static let plot = (left: 64.0, right: 700.0, top: 16.0, bottom: 288.0)

  /// The chart of a table; nil without at least two rows that have two figures of cost.
  static func chart(of table: ResultTable) -> String? {
    let costs = table.filledColumns.filter { $0.better == .lower && !$0.unit.isEmpty }
    guard costs.count >= 2, let x = costs.first(where: { $0.unit == "s" }) ?? costs.last,
      let y = costs.last(where: { $0.metric != x.metric })
    else { return nil }
    let points = table.rows.compactMap { row -> Point? in
      guard let a = row.values[x.metric]?.value, let b = row.values[y.metric]?.value, a > 0, b > 0
      else { return nil }
      return Point(name: row.name, x: a, y: b, isMeasured: row.provenance.isMeasured)
    }
    guard points.count >= 2 else { return nil }
    return draw(points, x: x, y: y)
  }

  private static func draw(_ points: [Point], x: ResultColumn, y: ResultColumn) -> String {
    let scaleX = LogScale(points.map(\.x), from: plot.left, to: plot.right)
    let scaleY = LogScale(points.map(\.y), from: plot.bottom, to: plot.top)
    var content: [String] = []
    for tick in scaleX.ticks {
      let place = SVG.number(scaleX.place(tick))
      content.append(grid("M\(place) \(SVG.number(plot.top))V\(SVG.number(plot.bottom))"))
      content.append(SVG.text(LogScale.label(tick), x: place, y: SVG.number(plot.bottom + 20)))
    }
    for tick in scaleY.ticks {
      let place = SVG.number(scaleY.place(tick))
      content.append(grid("M\(SVG.number(plot.left)) \(place)H\(SVG.number(plot.right))"))
      content.append(SVG.text(LogScale.label(tick), x: SVG.number(plot.left - 8), y: place, "end"))
    }
    let middle = (
      SVG.number((plot.left + plot.right) / 2), SVG.number((plot.top + plot.bottom) / 2)
    )
    content.append(SVG.text("\(x.title) (\(x.unit))", x: middle.0, y: "328", "title"))
    content.append(
      "<text class=\"title\" transform=\"translate(14 \(middle.1)) rotate(-90)\">"
        + DisplayText.escaped("\(y.title) (\(y.unit))") + "</text>")
    let front = points.filter { point in
      !points.contains { $0.x <= point.x && $0.y <= point.y && ($0.x < point.x || $0.y < point.y) }
    }.sorted { $0.x < $1.x }
    let line = front.map { point in
      "\(SVG.number(scaleX.place(point.x))) \(SVG.number(scaleY.place(point.y)))"
    }
    if front.count > 1 {
      content.append("<path class=\"front\" d=\"M\(line.joined(separator: "L"))\"/>")
    }
    var labels = LabelPlaces(
      within: plot.left...plot.right,
      around: points.map { (scaleX.place($0.x), scaleY.place($0.y)) })
    for point in points.sorted(by: { $0.x < $1.x }) {
      let place = (x: scaleX.place(point.x), y: scaleY.place(point.y))
      content.append(mark(point, at: place, label: labels.place(for: point.name, near: place)))
    }
    let best = front.map(\.name).joined(separator: ", ")
    return SVG.drawing(
      "scatter", size: size,
      label:
        "\(y.title) against \(x.title) of \(DisplayText.count(points.count, "model")), both on "
        + "logarithmic scales. Undercut by none in both: \(best). The table has every figure.",
      content)
  }

  private static func grid(_ path: String) -> String { "<path class=\"grid\" d=\"\(path)\"/>" }

  /// A dot where measured, a ring where reported.
  private static func mark(
    _ point: Point, at place: (x: Double, y: Double), label: (x: Double, y: Double, isEnd: Bool)
  ) -> String {
    let text = SVG.text(
      point.name, x: SVG.number(label.x), y: SVG.number(label.y), label.isEnd ? "name end" : "name")
    return "<circle class=\"\(point.isMeasured ? "measured" : "reported")\" "
      + "cx=\"\(SVG.number(place.x))\" cy=\"\(SVG.number(place.y))\" r=\"5\"/>" + text
  }
}

/// Places for the names of points, so that none lies on another as far as that can be had.
struct LabelPlaces {
  private var taken: [(x: ClosedRange<Double>, y: ClosedRange<Double>)] = []
  private let bounds: ClosedRange<Double>

  /// - Parameters:
  ///   - bounds: From where to where names may reach.
  ///   - points: The points, on which no name lies.
  init(within bounds: ClosedRange<Double>, around points: [(x: Double, y: Double)]) {
    self.bounds = bounds
    taken = points.map { (($0.x - 6)...($0.x + 6), ($0.y - 6)...($0.y + 6)) }
  }

  /// The first of some places beside a point that is free: to the right, to the left, above, below.
  mutating func place(
    for name: String, near point: (x: Double, y: Double)
  ) -> (x: Double, y: Double, isEnd: Bool) {
    // Seven units a character is wide for the size of the chart's text.
    let width = 7 * Double(name.count)
    let heights: [Double] = [4, -10, 18, -24, 32, -38, 46]
    let all = heights.flatMap { [(9.0, $0, false), (-9.0, $0, true)] }
    var chosen = (x: point.x + 9, y: point.y + 4, isEnd: false)
    for (dx, dy, isEnd) in all {
      let x = point.x + dx
      let reach = isEnd ? (x - width)...x : x...(x + width)
      let rows = (point.y + dy - 11)...(point.y + dy + 3)
      guard reach.lowerBound >= bounds.lowerBound, reach.upperBound <= bounds.upperBound + 15,
        !taken.contains(where: { $0.x.overlaps(reach) && $0.y.overlaps(rows) })
      else { continue }
      chosen = (x, point.y + dy, isEnd)
      taken.append((reach, rows))
      break
    }
    return chosen
  }
}

/// A logarithmic scale over whole powers of ten, or halves of them.
struct LogScale {
  let ticks: [Double]
  private let low: Double
  private let high: Double
  private let from: Double
  private let to: Double

  init(_ values: [Double], from: Double, to: Double) {
    low = floor(2 * log10(values.min() ?? 1) - 0.2) / 2
    high = max(low + 0.5, ceil(2 * log10(values.max() ?? 1) + 0.2) / 2)
    (self.from, self.to) = (from, to)
    let powers = Int(low.rounded(.up))...max(Int(low.rounded(.up)), Int(high.rounded(.down)))
    ticks = powers.map { pow(10, Double($0)) }
  }

  func place(_ value: Double) -> Double {
    from + (to - from) * (log10(value) - low) / (high - low)
  }

  static func label(_ value: Double) -> String {
    DisplayText.fixed(value, value >= 1 ? 0 : Int((-log10(value)).rounded(.up)))
  }
}
