/// From clips' sums to figures with intervals.
struct ClipFigures: Sendable {
  private let meteorName: String
  private let clipsPerBatch: Int
  private let bootstrap: Bootstrap

  init(summary: MetricSummary) {
    meteorName = summary.meteor.name
    clipsPerBatch = summary.clipsPerBatch
    bootstrap = summary.bootstrap
  }

  /// The figures of a set of clips.
  ///
  /// - Parameters:
  ///   - clips: The clips.
  ///   - sets: Each clip's own figures.
  /// - Returns: The figures; intervals from two clips on.
  func of(_ clips: [AccumulatedClip], _ sets: [MetricSet]) -> MetricSet {
    var sums = MetricSums()
    var counts = MetricCounts(clips: clips.count, frames: 0, captions: 0)
    var own: [String: [Double]] = [:]
    for (clip, set) in zip(clips, sets) {
      sums += clip.sums
      counts.frames += clip.counts.frames
      counts.captions += clip.counts.captions
      for (name, figure) in set.values { own[name, default: []].append(figure.value) }
    }
    let intervals = bootstrap.intervals(
      of: clips.map(\.sums), contributors: own.mapValues(\.count), meteorName: meteorName)
    var values: [String: MetricValue] = [:]
    for (name, figure) in sums.figures(meteorName: meteorName) {
      let figures = own[name] ?? []
      values[name] = MetricValue(
        figure, ci95: intervals[name],
        median: figures.count > 1 ? Quantile.value(0.5, of: figures) : nil)
    }
    addWilson(sums, to: &values)
    values.merge(ClassFigures(clips.map(\.classes)).means(bootstrap)) { first, _ in first }
    if clipsPerBatch > 1 { replaceBatchFigures(of: clips, in: &values) }
    return MetricSet(counts: counts, values: values)
  }

  /// The figures of one clip, which has no interval.
  func of(_ clip: AccumulatedClip) -> MetricSet {
    var values = clip.sums.figures(meteorName: meteorName).mapValues { MetricValue($0) }
    values.merge(ClassFigures([clip.classes]).means(bootstrap)) { first, _ in first }
    if clipsPerBatch > 1 {
      values[MetricName.batchIoU] = nil
      values[MetricName.batchF] = nil
    }
    return MetricSet(counts: clip.counts, values: values)
  }

  private func addWilson(_ sums: MetricSums, to values: inout [String: MetricValue]) {
    for rate in MetricName.rates where values[rate] != nil {
      let (successes, trials) = sums.trials(of: rate)
      values[rate]?.wilson95 = WilsonInterval.interval95(successes: successes, trials: trials)
    }
  }

  /// Figures of batches of several clips are no sums over clips, and so have no interval.
  private func replaceBatchFigures(
    of clips: [AccumulatedClip], in values: inout [String: MetricValue]
  ) {
    let score = BatchScore(clips: clips.map(\.frames), clipsPerBatch: clipsPerBatch)
    values[MetricName.batchIoU] = score.map { MetricValue($0.meanIoU) }
    values[MetricName.batchF] = score.map { MetricValue($0.bestFScore) }
  }
}
