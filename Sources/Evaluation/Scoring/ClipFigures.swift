import SentenceMetrics
import Streaming

/// From clips' sums to figures with intervals.
struct ClipFigures: Sendable {
  private let names: FigureNames
  private let bootstrap: Bootstrap
  private let clipsPerBatch: Int

  init(summary: MetricSummary) {
    names = FigureNames(meteor: summary.meteor.name)
    bootstrap = summary.bootstrap
    clipsPerBatch = summary.clipsPerBatch
  }

  /// A set of clips: all of them, or those of a category.
  struct Group: Sendable {
    var table: ClipTable

    /// Which clips these are, ascending; nil for all.
    var places: [Int32]?
  }

  /// The figures of sets of clips.
  ///
  /// - Parameters:
  ///   - groups: The sets.
  ///   - own: Each clip's own figures.
  ///   - progress: Called every now and then.
  /// - Returns: The figures of each set; intervals from two clips on.
  func of(
    _ groups: [Group], _ own: ClipMetrics, progress: (EvaluationProgress) -> Void
  ) -> [MetricSet] {
    var sets = groups.map { MetricSet(counts: MetricSums(row: $0.table.total).counts, values: [:]) }
    var contributors = [[Int]](repeating: [], count: groups.count)
    for name in names.all {
      let column = own.column(of: name)
      for (place, group) in groups.enumerated() {
        let values = (group.places?.map { column[Int($0)] } ?? column)
          .filter { $0 != FigureNames.absent }
        contributors[place].append(values.count)
        sets[place].values[name] = MetricValue(
          .nan, median: values.count > 1 ? Quantile.value(0.5, of: values) : nil)
      }
    }
    let clips = groups.reduce(0) { $0 + $1.table.count }
    var done = 0
    for (place, group) in groups.enumerated() {
      complete(&sets[place], of: group.table, contributors[place]) { part in
        progress(
          EvaluationProgress(
            step: .intervals, done: Double(done) + part * Double(group.table.count), total: clips))
      }
      done += group.table.count
    }
    return sets
  }

  /// Puts values and intervals to the medians.
  private func complete(
    _ set: inout MetricSet, of table: ClipTable, _ contributors: [Int],
    progress: (Double) -> Void
  ) {
    let total = table.total
    let intervals = bootstrap.intervals(of: table, contributors: contributors) {
      progress(Double($0) / Double(bootstrap.resamples))
    }
    for (place, value) in FigureNames.figures(of: total).enumerated() {
      let name = names.all[place]
      if value == FigureNames.absent {
        set.values[name] = nil
      } else {
        set.values[name]?.value = value
        set.values[name]?.ci95 = intervals[place]
      }
    }
    for name in [MetricName.classIoU, MetricName.classF] { set.values[name]?.median = nil }
    addWilson(MetricSums(row: total), to: &set.values)
    if clipsPerBatch > 1 {
      set.values[MetricName.batchIoU] = table.batchScore.map { MetricValue($0.meanIoU) }
      set.values[MetricName.batchF] = table.batchScore.map { MetricValue($0.bestFScore) }
    }
  }

  /// The own figures of a clip, which have no intervals, in the order of the names.
  func own(of row: [Double]) -> [Double] {
    var figures = FigureNames.figures(of: row)
    if clipsPerBatch > 1 {
      for name in [MetricName.batchIoU, MetricName.batchF] {
        if let place = names.all.firstIndex(of: name) { figures[place] = FigureNames.absent }
      }
    }
    return figures
  }

  /// The figures of each class.
  ///
  /// - Parameters:
  ///   - table: The clips.
  ///   - classes: The classes' names by number.
  /// - Returns: The figures by name; empty for data sets that do not tell classes apart.
  func byClass(_ table: ClipTable, _ classes: [String]) -> [String: MetricSet] {
    var result: [String: MetricSet] = [:]
    let clips = table.clipsByClass
    for (place, sums) in ClassSums.all(in: table.total).enumerated() where sums.frames > 0 {
      result[classes[place]] = MetricSet(
        counts: MetricCounts(clips: clips[place], frames: Int(sums.frames), captions: 0),
        values: [
          "IoU": MetricValue(sums.iou / sums.frames),
          "F-score": MetricValue(sums.fScore / sums.frames),
        ])
    }
    return result
  }

  private func addWilson(_ sums: MetricSums, to values: inout [String: MetricValue]) {
    for rate in MetricName.rates where values[rate] != nil {
      let (successes, trials) = sums.trials(of: rate)
      values[rate]?.wilson95 = WilsonInterval.interval95(successes: successes, trials: trials)
    }
  }
}
