import Evaluation

/// The columns of an experiment's tables, and what fills them.
enum TableColumns {
  /// Figures of masks.
  static let masks = ["mIoU", "F-score", "AVSBench-M_F"]

  /// Figures of sentences.
  static let sentences =
    ["BLEU-1", "BLEU-4", "ROUGE-L"] + MetricName.all.filter { $0.hasPrefix("METEOR") } + ["CIDEr"]

  /// Columns of figures of which more is better.
  static func columns(_ metrics: [String]) -> [ResultColumn] {
    metrics.map { ResultColumn(metric: $0, better: .higher) }
  }

  /// The columns of the table of efficiency, as the paper has them.
  static let efficiency = [
    ResultColumn(metric: "parameters", title: "Parameters", unit: "M", better: .lower),
    ResultColumn(
      metric: "frames_per_second", title: "Frames a second", unit: "1/s", better: .higher),
    ResultColumn(metric: "flops", title: "FLOPs", unit: "G", better: .lower),
    ResultColumn(
      metric: "seconds_per_sample", title: "Time a sample", unit: "s", better: .lower),
    ResultColumn(metric: "peak_memory", title: "Memory at most", unit: "MB", better: .lower),
  ]

  /// The figures of one report, or the means of several; a mean has no interval.
  static func values(
    of reports: [MetricReport], _ metrics: [String]
  ) -> [String: ResultValue] {
    var values: [String: ResultValue] = [:]
    for metric in metrics {
      let found = reports.compactMap { $0.overall.values[metric] }
      guard let first = found.first, found.count == reports.count else { continue }
      values[metric] =
        found.count == 1
        ? ResultValue(first.value, ci95: first.ci95)
        : ResultValue(found.reduce(0) { $0 + $1.value } / Double(found.count))
    }
    return values
  }

  /// How each figure was computed, by column.
  static func signature(of reports: [MetricReport]) -> [String: String] {
    var signature: [String: String] = [:]
    for metric in masks + sentences {
      let key = metric.hasPrefix("BLEU") ? "BLEU" : metric
      let words = Set(reports.compactMap { $0.signature[key] })
      if !words.isEmpty { signature[metric] = words.sorted().joined(separator: " / ") }
    }
    return signature
  }
}
