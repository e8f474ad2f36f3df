public import SentenceMetrics

/// Sums scored clips up to the figures of a collection.
public struct MetricSummary: Sendable {
  let meteor: MeteorResources
  let clipsPerBatch: Int
  private(set) var bootstrap: Bootstrap

  /// All classes of the data set in its own order, for AVSBench-semantic's means over all of them;
  /// empty leaves those out.
  public var classes: [String] = []

  /// On how many threads sentences are scored and intervals drawn; their number changes no figure.
  public var threads: Int {
    get { bootstrap.threads }
    set { bootstrap.threads = newValue }
  }

  /// How figures are made, as every report says it.
  public var signature: [String: String] {
    MetricSignature.signature(of: self)
  }

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
  public func report(
    of scores: [ClipScore], unscored: [UnscoredClip] = []
  ) -> MetricReport {
    var figures = MetricAccumulator(summary: self, memory: .max)
    for score in scores { figures.add(score) }
    return figures.summedUp(unscored: unscored, order: nil).report
  }
}
