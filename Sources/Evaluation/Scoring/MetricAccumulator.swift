/// Takes scored clips one after another, and keeps of each only what its set's figures need.
///
/// A clip costs its sums and a number for each of its sentences; a sentence is kept once, however
/// often it occurs.
public struct MetricAccumulator: Sendable {
  private let summary: MetricSummary
  private var clips = AccumulatedClips()
  private var sentences = SentenceScorer()
  private var unscored: [UnscoredClip] = []

  /// Begins with no clip.
  ///
  /// - Parameter summary: How to sum up.
  public init(summary: MetricSummary) { self.summary = summary }

  /// How many clips have figures so far.
  public var count: Int { clips.count }

  /// Takes a clip; of several with one id the first counts.
  public mutating func add(_ score: ClipScore) {
    unscored += score.problems.map { UnscoredClip(clip: score.clip, reason: $0) }
    if score.frames.isEmpty {
      unscored.append(UnscoredClip(clip: score.clip, reason: "no frame could be scored"))
    } else {
      let pairs = score.frames.compactMap(Self.pair).map { sentences.add($0) }
      clips.append(score, pairs: pairs, keepsFrames: summary.clipsPerBatch > 1)
    }
  }

  /// The figures of all clips so far: overall, by category, by clip.
  ///
  /// - Parameters:
  ///   - more: What failed before it could be scored.
  ///   - order: In which order the sentences are read, by clip; nil goes by the clips' ids.
  /// - Returns: The report; the order in which clips came changes nothing, except that of several
  ///   with one id the first counts.
  public func report(
    unscored more: [UnscoredClip] = [], order: CaptionOrder? = nil
  ) -> MetricReport {
    let figures = ClipFigures(summary: summary)
    let (clips, repeated) = summed(order)
    let own = figures.each(clips)
    let unscored =
      unscored + more
      + repeated.map { UnscoredClip(clip: $0, reason: "the clip was scored twice") }
    return MetricReport(
      signature: MetricSignature.signature(
        meteor: summary.meteor, clipsPerBatch: summary.clipsPerBatch,
        bootstrap: summary.bootstrap),
      overall: figures.of(clips, own),
      byCategory: clips.byCategory.mapValues { figures.of(clips, own, at: $0) },
      byClass: ClassFigures(clips.classes).byClass, byClip: own,
      unscored: unscored.sorted { ($0.clip, $0.reason) < ($1.clip, $1.reason) })
  }

  /// The clips by id, their sentences scored, and the ids that came more than once.
  private func summed(_ order: CaptionOrder?) -> (AccumulatedClips, repeated: [String]) {
    var (clips, repeated) = sorted()
    let reading = order?.places(of: clips.ids)
    var sentences = sentences
    sentences.settle(
      &clips.sentences, references: reading?.references.flatMap { clips.sentences(of: $0) },
      hypotheses: reading?.hypotheses.flatMap { clips.sentences(of: $0) })
    let counts = sentences.counts(of: clips.sentences, meteor: summary.meteor)
    for clip in 0..<clips.count {
      var sums = MetricSums()
      for place in clips.sentences(of: clip) { sums.add(counts[Int(clips.sentences[place])]) }
      clips.add(sums, to: clip)
    }
    return (clips, repeated)
  }

  private func sorted() -> (AccumulatedClips, repeated: [String]) {
    let ids = clips.ids
    if zip(ids, ids.dropFirst()).allSatisfy(<) { return (clips, []) }
    var places: [Int] = []
    var repeated: [String] = []
    for place in ids.indices.sorted(by: { (ids[$0], $0) < (ids[$1], $1) }) {
      if let last = places.last, ids[last] == ids[place] {
        repeated.append(ids[place])
      } else {
        places.append(place)
      }
    }
    return (clips.clips(at: places), repeated)
  }

  /// The sentence of a frame, if the frame takes part in sentence metrics.
  private static func pair(_ frame: FrameScore) -> SentencePair? {
    guard frame.truthSounding, !frame.references.isEmpty else { return nil }
    return SentencePair(hypothesis: frame.hypothesis, references: frame.references)
  }
}
