/// Takes scored clips one after another, and keeps of each only what its set's figures need.
///
/// A clip costs its sums and a number for each of its sentences; a sentence is kept once, however
/// often it occurs.
public struct MetricAccumulator: Sendable {
  private let summary: MetricSummary
  private var clips: [AccumulatedClip] = []
  private var ids: Set<String> = []
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
    if !ids.insert(score.clip).inserted {
      unscored.append(UnscoredClip(clip: score.clip, reason: "the clip was scored twice"))
    } else if score.frames.isEmpty {
      unscored.append(UnscoredClip(clip: score.clip, reason: "no frame could be scored"))
    } else {
      let pairs = score.frames.compactMap(Self.pair).map { sentences.add($0) }
      clips.append(
        AccumulatedClip(score, pairs: pairs, keepsFrames: summary.clipsPerBatch > 1))
    }
  }

  /// The figures of all clips so far: overall, by category, by clip.
  ///
  /// - Parameters:
  ///   - more: What failed before it could be scored.
  ///   - order: In which order the sentences are read, by clip; nil goes by the clips' ids.
  /// - Returns: The report; the order in which clips came changes nothing.
  public func report(
    unscored more: [UnscoredClip] = [], order: CaptionOrder? = nil
  ) -> MetricReport {
    let figures = ClipFigures(summary: summary)
    let clips = summed(order)
    let sets = ParallelMap.map(clips.count) { figures.of(clips[$0]) }
    let byCategory = Dictionary(grouping: clips.indices.filter { clips[$0].category != nil }) {
      clips[$0].category ?? ""
    }
    return MetricReport(
      signature: MetricSignature.signature(
        meteor: summary.meteor, clipsPerBatch: summary.clipsPerBatch,
        bootstrap: summary.bootstrap),
      overall: figures.of(clips, sets),
      byCategory: byCategory.mapValues { places in
        figures.of(places.map { clips[$0] }, places.map { sets[$0] })
      },
      byClass: ClassFigures(clips.map(\.classes)).byClass,
      byClip: Dictionary(uniqueKeysWithValues: zip(clips, sets).map { ($0.id, $1) }),
      unscored: (unscored + more).sorted { ($0.clip, $0.reason) < ($1.clip, $1.reason) })
  }

  /// The clips by id, their sentences scored.
  private func summed(_ order: CaptionOrder?) -> [AccumulatedClip] {
    var clips = clips.sorted { $0.id < $1.id }
    var corpus: [Int32] = []
    let ranges = clips.map { clip in
      corpus += clip.pairs
      return (corpus.count - clip.pairs.count)..<corpus.count
    }
    let reading = order?.places(of: clips.map(\.id))
    var sentences = sentences
    sentences.settle(
      &corpus, references: reading?.references.flatMap { ranges[$0] },
      hypotheses: reading?.hypotheses.flatMap { ranges[$0] })
    let counts = sentences.counts(of: corpus, meteor: summary.meteor)
    for place in clips.indices {
      for pair in corpus[ranges[place]] { clips[place].sums.add(counts[Int(pair)]) }
    }
    return clips
  }

  /// The sentence of a frame, if the frame takes part in sentence metrics.
  private static func pair(_ frame: FrameScore) -> SentencePair? {
    guard frame.truthSounding, !frame.references.isEmpty else { return nil }
    return SentencePair(hypothesis: frame.hypothesis, references: frame.references)
  }
}

/// What is kept of a scored clip.
struct AccumulatedClip: Sendable {
  let id: String
  let category: String?
  let counts: MetricCounts

  /// The sums; those of sentences are added when all sentences of the set are known.
  var sums: MetricSums

  /// The clip's sentences, as numbers that the set's ``SentenceScorer`` gave.
  let pairs: [Int32]

  /// Sums by class; empty for data sets that do not tell classes apart.
  let classes: [String: ClassSums]

  /// The frames, where figures are wanted that are no sums over clips.
  let frames: [FrameScore]

  init(_ score: ClipScore, pairs: [Int32], keepsFrames: Bool) {
    id = score.clip
    category = score.category
    counts = MetricCounts(
      clips: 1, frames: score.frames.count { $0.iou != nil }, captions: pairs.count)
    sums = MetricSums(masksOf: score.frames)
    self.pairs = pairs
    var classes: [String: ClassSums] = [:]
    for entry in score.frames.compactMap(\.classes).joined() {
      classes[entry.name, default: ClassSums()] += ClassSums(
        iou: entry.iou, fScore: entry.fScore, frames: 1)
    }
    self.classes = classes
    frames = keepsFrames ? score.frames : []
  }
}
