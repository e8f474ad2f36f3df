/// What is kept of scored clips: a few hundred bytes of each, in columns.
struct AccumulatedClips: Sendable {
  private(set) var ids: [String] = []

  /// The sums; those of sentences are added when all sentences of the set are known.
  private(set) var sums = ClipSums()

  /// Sums by class; empty for data sets that do not tell classes apart.
  private(set) var classes: [[String: ClassSums]] = []

  /// The mask figures of frames, where some are wanted that are no sums over clips; else empty.
  private(set) var frames: [[FrameScore]] = []

  /// The sentences of all clips, as numbers that the set's ``SentenceScorer`` gave.
  var sentences: [Int32] = []

  private var sentenceEnds: [Int] = []
  private var maskFrames: [UInt32] = []
  private var categories: [Int32] = []
  private var categoryNames: [String] = []
  private var categoryPlaces: [String: Int32] = [:]

  var count: Int { ids.count }

  /// Adds a clip.
  ///
  /// - Parameters:
  ///   - score: The clip's scores.
  ///   - pairs: Its sentences.
  ///   - keepsFrames: Whether the figures of its frames are wanted.
  mutating func append(_ score: ClipScore, pairs: [Int32], keepsFrames: Bool) {
    var own: [String: ClassSums] = [:]
    for entry in score.frames.lazy.compactMap(\.classes).joined() {
      own[entry.name, default: ClassSums()] += ClassSums(
        iou: entry.iou, fScore: entry.fScore, frames: 1)
    }
    if !own.isEmpty || !classes.isEmpty {
      while classes.count < count { classes.append([:]) }
      classes.append(own)
    }
    if keepsFrames { frames.append(score.frames.map(\.masksAlone)) }
    ids.append(score.clip)
    sums.append(MetricSums(masksOf: score.frames))
    sentences += pairs
    sentenceEnds.append(sentences.count)
    maskFrames.append(UInt32(score.frames.count { $0.iou != nil }))
    categories.append(score.category.map { place(ofCategory: $0) } ?? -1)
  }

  /// Adds to the sums of a clip.
  mutating func add(_ more: MetricSums, to clip: Int) { sums.add(more, to: clip) }

  /// Where a clip's sentences are.
  func sentences(of clip: Int) -> Range<Int> {
    (clip == 0 ? 0 : sentenceEnds[clip - 1])..<sentenceEnds[clip]
  }

  /// How many things a clip's figures rest on.
  func counts(of clip: Int) -> MetricCounts {
    MetricCounts(clips: 1, frames: Int(maskFrames[clip]), captions: sentences(of: clip).count)
  }

  /// How many things the figures of all clips rest on.
  var counts: MetricCounts {
    MetricCounts(
      clips: count, frames: maskFrames.reduce(0) { $0 + Int($1) }, captions: sentences.count)
  }

  /// The places of the clips of each category.
  var byCategory: [String: [Int]] {
    Dictionary(grouping: categories.indices.filter { categories[$0] >= 0 }) {
      categoryNames[Int(categories[$0])]
    }
  }

  /// The same clips in another order, or some of them.
  ///
  /// - Parameter places: Which clips.
  /// - Returns: These clips.
  func clips(at places: [Int]) -> AccumulatedClips {
    var result = AccumulatedClips()
    result.ids = places.map { ids[$0] }
    result.sums = sums.clips(at: places)
    if !classes.isEmpty { result.classes = places.map { classes[$0] } }
    if !frames.isEmpty { result.frames = places.map { frames[$0] } }
    for place in places {
      result.sentences += sentences[sentences(of: place)]
      result.sentenceEnds.append(result.sentences.count)
    }
    result.maskFrames = places.map { maskFrames[$0] }
    result.categories = places.map { categories[$0] }
    result.categoryNames = categoryNames
    return result
  }

  private mutating func place(ofCategory name: String) -> Int32 {
    if let known = categoryPlaces[name] { return known }
    categoryPlaces[name] = Int32(categoryNames.count)
    categoryNames.append(name)
    return Int32(categoryNames.count - 1)
  }
}

extension FrameScore {
  /// The same without sentences and classes.
  fileprivate var masksAlone: FrameScore {
    var frame = self
    frame.references = []
    frame.hypothesis = ""
    frame.classes = nil
    return frame
  }
}
