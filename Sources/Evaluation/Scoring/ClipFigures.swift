import SentenceMetrics
import Streaming

/// From clips' sums to figures with intervals.
struct ClipFigures: Sendable {
  private let names: FigureNames

  /// The figures of clips and categories: what never occurs in a part of a set says nothing of it.
  let ownNames: FigureNames
  private let bootstrap: Bootstrap
  private let clipsPerBatch: Int

  /// - Parameters:
  ///   - summary: How to sum up.
  ///   - classes: The classes that occur.
  init(summary: MetricSummary, classes: [String]) {
    ownNames = FigureNames(meteor: summary.meteor.name)
    names = FigureNames(
      meteor: summary.meteor.name, classes: ClassList(summary.classes, found: classes))
    bootstrap = summary.bootstrap
    clipsPerBatch = summary.clipsPerBatch
  }

  /// A set of clips: all of them, or those of a category.
  struct Group: Sendable {
    var table: ClipTable

    /// The clips' own figures, as in ``ClipMetrics``.
    var own: ColumnTiles
  }

  /// The figures of sets of clips.
  ///
  /// - Parameters:
  ///   - groups: The sets.
  ///   - progress: Called every now and then.
  /// - Returns: The figures of each set; intervals from two clips on.
  func of(_ groups: [Group], progress: (EvaluationProgress) -> Void) -> [MetricSet] {
    let clips = groups.reduce(0) { $0 + $1.table.count }
    var done = 0
    return groups.enumerated().map { place, group in
      var (set, contributors) = medians(of: group)
      complete(&set, of: group.table, place == 0 ? names : ownNames, contributors) { part in
        progress(
          EvaluationProgress(
            step: .intervals, done: Double(done) + part * Double(group.table.count), total: clips))
      }
      done += group.table.count
      return set
    }
  }

  /// The medians of a set's figures, and how many clips have each.
  private func medians(of group: Group) -> (set: MetricSet, contributors: [Int]) {
    var set = MetricSet(counts: MetricSums(row: group.table.total).counts, values: [:])
    var contributors: [Int] = []
    for (place, name) in ownNames.all.enumerated() {
      func forEach(_ body: (Double) -> Void) {
        group.own.forEachValue(ofColumn: ClipMetrics.firstFigure + place) {
          if $0 != FigureNames.absent { body($0) }
        }
      }
      var count = 0
      forEach { _ in count += 1 }
      contributors.append(count)
      set.values[name] = MetricValue(
        .nan, median: count > 1 ? Quantile.value(0.5, ofMany: count, forEach: forEach) : nil)
    }
    return (set, contributors)
  }

  /// Puts values and intervals to the medians.
  private func complete(
    _ set: inout MetricSet, of table: ClipTable, _ names: FigureNames, _ contributors: [Int],
    progress: (Double) -> Void
  ) {
    let total = table.total
    // As many clips have the means over all classes as have those over classes that occur.
    let missing = names.all.count - contributors.count
    let contributors = contributors + repeatElement(contributors.last ?? 0, count: missing)
    let intervals = bootstrap.intervals(of: table, names, contributors: contributors) {
      progress(Double($0) / Double(bootstrap.resamples))
    }
    for (place, value) in names.figures(of: total).enumerated() {
      let median = set.values[names.all[place]]?.median
      set.values[names.all[place]] =
        value == FigureNames.absent
        ? nil : MetricValue(value, ci95: intervals[place], median: median)
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
    var figures = ownNames.figures(of: row)
    if clipsPerBatch > 1 {
      for name in [MetricName.batchIoU, MetricName.batchF] {
        if let place = ownNames.all.firstIndex(of: name) { figures[place] = FigureNames.absent }
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
