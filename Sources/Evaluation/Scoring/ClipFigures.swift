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

  /// The figures of all clips together.
  ///
  /// - Parameters:
  ///   - clips: The clips.
  ///   - own: Each clip's own figures.
  /// - Returns: The figures; intervals from two clips on.
  func of(_ clips: AccumulatedClips, _ own: ClipMetrics) -> MetricSet {
    figures(of: clips, own, at: nil)
  }

  /// The figures of some clips together.
  ///
  /// - Parameters:
  ///   - clips: All clips.
  ///   - own: Each clip's own figures.
  ///   - places: Which clips.
  /// - Returns: The figures; intervals from two clips on.
  func of(_ clips: AccumulatedClips, _ own: ClipMetrics, at places: [Int]) -> MetricSet {
    figures(of: clips.clips(at: places), own, at: places)
  }

  private func figures(
    of clips: AccumulatedClips, _ own: ClipMetrics, at places: [Int]?
  ) -> MetricSet {
    let sums = clips.sums.total
    var contributors: [String: Int] = [:]
    for name in own.metrics { contributors[name] = own.values(of: name, at: places).count }
    let intervals = bootstrap.intervals(
      of: clips.sums, contributors: contributors, meteorName: meteorName)
    var values: [String: MetricValue] = [:]
    for (name, figure) in sums.figures(meteorName: meteorName) {
      let figures = own.values(of: name, at: places)
      values[name] = MetricValue(
        figure, ci95: intervals[name],
        median: figures.count > 1 ? Quantile.value(0.5, of: figures) : nil)
    }
    addWilson(sums, to: &values)
    values.merge(ClassFigures(clips.classes).means(bootstrap)) { first, _ in first }
    if clipsPerBatch > 1 { replaceBatchFigures(of: clips, in: &values) }
    return MetricSet(counts: clips.counts, values: values)
  }

  /// The figures of each clip by itself, which have no intervals.
  func each(_ clips: AccumulatedClips) -> ClipMetrics {
    var result = ClipMetrics()
    // Piece by piece: a clip's figures by name are much longer than its row.
    for start in stride(from: 0, to: clips.count, by: 1024) {
      let piece = min(1024, clips.count - start)
      let figures = ParallelMap.map(piece) { own(of: start + $0, in: clips) }
      for (offset, values) in figures.enumerated() {
        result.append(clips.ids[start + offset], clips.counts(of: start + offset), values)
      }
    }
    return result
  }

  private func own(of clip: Int, in clips: AccumulatedClips) -> [(String, Double)] {
    var values = clips.sums[clip].figures(meteorName: meteorName)
    if !clips.classes.isEmpty {
      let means = ClassFigures([clips.classes[clip]]).means(bootstrap)
      values += means.map { ($0.key, $0.value.value) }
    }
    if clipsPerBatch > 1 {
      values.removeAll { [MetricName.batchIoU, MetricName.batchF].contains($0.0) }
    }
    return values
  }

  private func addWilson(_ sums: MetricSums, to values: inout [String: MetricValue]) {
    for rate in MetricName.rates where values[rate] != nil {
      let (successes, trials) = sums.trials(of: rate)
      values[rate]?.wilson95 = WilsonInterval.interval95(successes: successes, trials: trials)
    }
  }

  /// Figures of batches of several clips are no sums over clips, and so have no interval.
  private func replaceBatchFigures(
    of clips: AccumulatedClips, in values: inout [String: MetricValue]
  ) {
    let score = BatchScore(clips: clips.frames, clipsPerBatch: clipsPerBatch)
    values[MetricName.batchIoU] = score.map { MetricValue($0.meanIoU) }
    values[MetricName.batchF] = score.map { MetricValue($0.bestFScore) }
  }
}
