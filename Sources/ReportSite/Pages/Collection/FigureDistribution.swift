import Evaluation

/// How a figure is spread over the clips of a collection.
struct FigureDistribution: Encodable {
  let name: String
  let chart: String
  let clips: Int
  let lowest: String
  let quarter: String
  let median: String
  let threeQuarters: String
  let highest: String

  private static let bins = 10
  private static let wanted = ["mIoU", "F-score", "ROUGE-L", "CIDEr"]

  /// The figures that several clips have.
  static func all(_ report: MetricReport) -> [FigureDistribution] {
    let meteor = MetricTiles.meteor(in: report.overall)
    return (wanted + [meteor].compactMap(\.self)).compactMap { name in
      let values = report.byClip.values(of: name).filter(\.isFinite).sorted()
      return values.count > 1 ? FigureDistribution(name, values) : nil
    }
  }

  private init(_ name: String, _ sorted: [Double]) {
    let scale = MetricTiles.scale(of: name)
    var counts = [Int](repeating: 0, count: Self.bins)
    for value in sorted {
      counts[min(Self.bins - 1, max(0, Int(value / scale * Double(Self.bins))))] += 1
    }
    let quartiles = Quartiles(sorted)
    let text = { (value: Double) in DisplayText.fixed(value, 3) }
    self.name = name
    clips = sorted.count
    (lowest, highest) = (text(quartiles.lowest), text(quartiles.highest))
    (quarter, threeQuarters) = (text(quartiles.quarter), text(quartiles.threeQuarters))
    median = text(quartiles.median)
    chart = Charts.histogram(
      counts, scale: scale,
      label: "\(name) of \(DisplayText.count(sorted.count, "clip")): from \(lowest) to \(highest), "
        + "half of them above \(median).")
  }
}

/// Where the quarters of some values lie.
struct Quartiles {
  let lowest: Double
  let quarter: Double
  let median: Double
  let threeQuarters: Double
  let highest: Double

  /// - Parameter sorted: The values, lowest first; at least one.
  init(_ sorted: [Double]) {
    let at = { (share: Double) in sorted[Int((share * Double(sorted.count - 1)).rounded())] }
    (lowest, quarter, median, threeQuarters, highest) = (at(0), at(0.25), at(0.5), at(0.75), at(1))
  }
}
