/// Sums scored clips up to the figures of a collection.
public struct MetricSummary: Sendable {
  private let meteor: MeteorResources
  private let clipsPerBatch: Int
  private let bootstrap: Bootstrap

  /// Chooses how to sum up.
  ///
  /// - Parameters:
  ///   - meteor: What METEOR works with, which decides the figure's name.
  ///   - clipsPerBatch: How many clips, by id, are a batch of AVSBench's M_J and M_F.
  ///   - resamples: Resamples of the bootstrap.
  ///   - seed: The bootstrap's seed.
  public init(
    meteor: MeteorResources = .installed, clipsPerBatch: Int = 1, resamples: Int = 1000,
    seed: UInt64 = 20_260_310
  ) {
    self.meteor = meteor
    self.clipsPerBatch = clipsPerBatch
    bootstrap = Bootstrap(resamples: resamples, seed: seed)
  }

  /// Chooses how to sum up without METEOR's own data.
  ///
  /// - Parameters:
  ///   - wordNet: Where METEOR's synonyms come from; without it the figure is
  ///     `METEOR-exact-stem`.
  ///   - resamples: Resamples of the bootstrap.
  ///   - seed: The bootstrap's seed.
  public init(wordNet: WordNet?, resamples: Int = 1000, seed: UInt64 = 20_260_310) {
    self.init(meteor: wordNet.map { .wordNet($0) } ?? .none, resamples: resamples, seed: seed)
  }

  /// The figures of a set of clips: overall, by category, by clip.
  ///
  /// Sentences are scored on frames where something sounds and a reference exists. What could not
  /// be scored is listed, and has no part in any figure.
  ///
  /// - Parameters:
  ///   - scores: The scored clips, in any order; of several with one id the first counts.
  ///   - unscored: What failed before it could be scored.
  /// - Returns: The report. Intervals are given for the whole and for categories.
  public func report(of scores: [ClipScore], unscored: [UnscoredClip] = []) -> MetricReport {
    var unscored = unscored
    let clips = summed(Self.unique(scores, unscored: &unscored))
    let byCategory = Dictionary(grouping: clips.filter { $0.category != nil }) {
      $0.category ?? ""
    }
    return MetricReport(
      signature: MetricSignature.signature(
        meteor: meteor, clipsPerBatch: clipsPerBatch, bootstrap: bootstrap),
      overall: figures(of: clips),
      byCategory: byCategory.mapValues { figures(of: $0) },
      byClip: Dictionary(
        uniqueKeysWithValues: clips.map { ($0.id, figures(of: $0)) }),
      unscored: unscored.sorted { ($0.clip, $0.reason) < ($1.clip, $1.reason) })
  }

  /// One clip's sums.
  private struct Clip {
    let id: String
    let category: String?
    let counts: MetricCounts
    let sums: MetricSums
    let frames: [FrameScore]
    let figures: [String: Double]
  }

  /// The scores to sum up, in order of their ids so that their order in the list changes nothing.
  private static func unique(
    _ scores: [ClipScore], unscored: inout [UnscoredClip]
  ) -> [ClipScore] {
    var seen: Set<String> = []
    var kept: [ClipScore] = []
    for score in scores {
      unscored += score.problems.map { UnscoredClip(clip: score.clip, reason: $0) }
      if !seen.insert(score.clip).inserted {
        unscored.append(UnscoredClip(clip: score.clip, reason: "the clip was scored twice"))
      } else if score.frames.isEmpty {
        unscored.append(UnscoredClip(clip: score.clip, reason: "no frame could be scored"))
      } else {
        kept.append(score)
      }
    }
    return kept.sorted { $0.clip < $1.clip }
  }

  private func summed(_ scores: [ClipScore]) -> [Clip] {
    let pairs = scores.map { $0.frames.compactMap(Self.pair) }
    let counts = SentenceScorer.counts(of: Array(pairs.joined()), meteor: meteor)
    var place = 0
    return zip(scores, pairs).map { score, pairs in
      var sums = MetricSums(masksOf: score.frames)
      for _ in pairs {
        sums.add(counts[place])
        place += 1
      }
      let counts = MetricCounts(
        clips: 1, frames: score.frames.count { $0.iou != nil }, captions: pairs.count)
      return Clip(
        id: score.clip, category: score.category, counts: counts, sums: sums, frames: score.frames,
        figures: sums.figures(meteorName: meteor.name))
    }
  }

  /// The sentence of a frame, if the frame takes part in sentence metrics.
  private static func pair(_ frame: FrameScore) -> SentencePair? {
    guard frame.truthSounding, !frame.references.isEmpty else { return nil }
    return SentencePair(hypothesis: frame.hypothesis, references: frame.references)
  }

  private func figures(of clips: [Clip]) -> MetricSet {
    var sums = MetricSums()
    var counts = MetricCounts(clips: clips.count, frames: 0, captions: 0)
    var own: [String: [Double]] = [:]
    for clip in clips {
      sums += clip.sums
      counts.frames += clip.counts.frames
      counts.captions += clip.counts.captions
      for (name, figure) in clip.figures { own[name, default: []].append(figure) }
    }
    let intervals = bootstrap.intervals(
      of: clips.map(\.sums), contributors: own.mapValues(\.count), meteorName: meteor.name)
    var values: [String: MetricValue] = [:]
    for (name, figure) in sums.figures(meteorName: meteor.name) {
      let figures = own[name] ?? []
      values[name] = MetricValue(
        figure, ci95: intervals[name],
        median: figures.count > 1 ? Quantile.value(0.5, of: figures) : nil)
    }
    addWilson(sums, to: &values)
    if clipsPerBatch > 1 { replaceBatchFigures(of: clips, in: &values) }
    return MetricSet(counts: counts, values: values)
  }

  private func addWilson(_ sums: MetricSums, to values: inout [String: MetricValue]) {
    for rate in MetricName.rates where values[rate] != nil {
      let (successes, trials) = sums.trials(of: rate)
      values[rate]?.wilson95 = WilsonInterval.interval95(successes: successes, trials: trials)
    }
  }

  private func figures(of clip: Clip) -> MetricSet {
    var values = clip.figures.mapValues { MetricValue($0) }
    if clipsPerBatch > 1 {
      values[MetricName.batchIoU] = nil
      values[MetricName.batchF] = nil
    }
    return MetricSet(counts: clip.counts, values: values)
  }

  /// Figures of batches of several clips are no sums over clips, and so have no interval.
  private func replaceBatchFigures(of clips: [Clip], in values: inout [String: MetricValue]) {
    let score = BatchScore(clips: clips.map(\.frames), clipsPerBatch: clipsPerBatch)
    values[MetricName.batchIoU] = score.map { MetricValue($0.meanIoU) }
    values[MetricName.batchF] = score.map { MetricValue($0.bestFScore) }
  }
}
