import SentenceMetrics
import Streaming

/// Takes scored clips one after another; what their set's figures need lies in temporary files, so
/// that a set may be of any size. Clips that do not come by id take memory for their ids, and what
/// could not be scored for its reason.
public struct MetricAccumulator: Sendable {
  private let summary: MetricSummary
  private let memory: Int
  private var records: ClipRecords
  private var unscored: [UnscoredClip] = []

  /// Begins with no clip.
  ///
  /// - Parameter summary: How to sum up.
  public init(summary: MetricSummary) { self.init(summary: summary, memory: Spool.usualLimit) }

  /// - Parameters:
  ///   - summary: How to sum up.
  ///   - memory: From how many bytes on each kind of record goes to a file.
  init(summary: MetricSummary, memory: Int) {
    self.summary = summary
    self.memory = memory
    records = ClipRecords(memory: memory)
  }

  /// How many clips have figures so far.
  public var count: Int { records.ids.count }

  /// Takes a clip; of several with one id the first counts.
  public mutating func add(_ score: ClipScore) {
    unscored += score.problems.map { UnscoredClip(clip: score.clip, reason: $0) }
    if score.frames.isEmpty {
      unscored.append(UnscoredClip(clip: score.clip, reason: "no frame could be scored"))
    } else {
      records.append(score, keepsFrames: summary.clipsPerBatch > 1)
    }
  }

  /// The figures of all clips so far: overall, by category, by clip.
  ///
  /// - Parameters:
  ///   - more: What failed before it could be scored.
  ///   - order: In which order the sentences are read, by clip; nil goes by the clips' ids.
  ///   - progress: Called every now and then.
  /// - Returns: The report; the order in which clips came changes nothing, except that of several
  ///   with one id the first counts.
  /// - Throws: ``EvaluationError/temporaryFile(folder:reason:)``.
  public func report(
    unscored more: [UnscoredClip] = [], order: CaptionOrder? = nil,
    progress: (EvaluationProgress) -> Void = { _ in }
  ) throws(EvaluationError) -> MetricReport {
    try check()
    let (report, failure) = summedUp(unscored: more, order: order, progress: progress)
    if let failure { throw .temporaryFile(failure) }
    return report
  }

  /// Whether there is room for what is kept of the clips.
  ///
  /// - Throws: ``EvaluationError/temporaryFile(folder:reason:)``.
  public func check() throws(EvaluationError) {
    if let failure = records.failure { throw .temporaryFile(failure) }
  }

  /// The report, and what kept things in memory that should be in files.
  func summedUp(
    unscored more: [UnscoredClip], order: CaptionOrder?,
    progress: (EvaluationProgress) -> Void = { _ in }
  ) -> (report: MetricReport, failure: SpoolFailure?) {
    let (clips, repeated) = sorted
    let figures = ClipFigures(summary: summary, classes: records.classNames.sorted())
    var tables = SummedClips(records, clips, summary, figures, memory)
    tables.sum(order, progress: progress)
    let sets = figures.of(tables.groups, progress: progress)
    let unscored =
      unscored + more
      + repeated.map { UnscoredClip(clip: $0, reason: "the clip was scored twice") }
    let report = MetricReport(
      signature: MetricSignature.signature(
        of: summary, hasClasses: sets[0].values[MetricName.allClasses[0]] != nil),
      overall: sets[0],
      byCategory: Dictionary(
        uniqueKeysWithValues: zip(records.categoryNames, sets.dropFirst())
          .filter { $0.1.counts.clips > 0 }),
      byClass: figures.byClass(tables.groups[0].table, tables.classes), byClip: tables.own,
      unscored: unscored.sorted { ($0.clip, $0.reason) < ($1.clip, $1.reason) })
    return (report, tables.failure)
  }

  /// The clips by id, each once, and the ids that came more than once.
  private var sorted: (clips: ClipPlaces, repeated: [String]) {
    let ids = records.ids
    if ids.isAscending { return (ClipPlaces(all: ids.count), []) }
    var clips: [Int32] = []
    var repeated: [String] = []
    for clip in ids.ascending {
      if let last = clips.last, ids.isSame(Int(last), Int(clip)) {
        repeated.append(ids[Int(clip)])
      } else {
        clips.append(clip)
      }
    }
    return (ClipPlaces(clips), repeated)
  }
}

/// The sums and own figures of a set's clips, with their sentences scored.
private struct SummedClips {
  private let records: ClipRecords
  private let clips: ClipPlaces
  private let summary: MetricSummary
  private let ids: NameTable
  private let figures: ClipFigures
  private let spool: Spool

  /// All clips, then those of each category.
  private(set) var groups: [ClipFigures.Group]

  /// Each clip's own figures.
  var own: ClipMetrics { ClipMetrics(ids, figures.ownNames.all, groups[0].own) }

  /// The names of the classes, ascending.
  let classes: [String]

  init(
    _ records: ClipRecords, _ clips: ClipPlaces, _ summary: MetricSummary,
    _ figures: ClipFigures, _ memory: Int
  ) {
    self.records = records
    self.clips = clips
    self.summary = summary
    classes = records.classNames.sorted()
    ids = records.ids.names(at: clips)
    self.figures = figures
    spool = Spool(limit: memory)
    let empty = ClipFigures.Group(
      table: ClipTable(in: spool, clipsPerBatch: summary.clipsPerBatch),
      own: ClipMetrics.table(figures.ownNames.all.count, in: spool))
    groups = [ClipFigures.Group](repeating: empty, count: 1 + records.categoryNames.count)
  }

  /// What kept bytes in memory that should be in a file.
  var failure: SpoolFailure? { spool.failure ?? ids.failure }

  /// Scores the sentences and adds them to their clips' sums.
  mutating func sum(
    _ order: CaptionOrder?, progress: (EvaluationProgress) -> Void
  ) {
    let reading = ReadingOrder(records, clips, order)
    let rows = ClipRows(records: records, clips: clips, classes: classes, figures: figures)
    let corpus = SentenceCorpus(
      items: clips.count, count: records.sentenceCount, spool: spool, threads: summary.threads
    ) { reading.sentences(of: $0) }
    let count = clips.count
    corpus.score(meteor: summary.meteor) { part in
      progress(
        EvaluationProgress(step: .sentences, done: part * Double(count), total: count))
    } each: {
      rows.row(of: $0, $1)
    } take: { rows in
      for row in rows { add(row) }
    }
  }

  private mutating func add(_ row: ClipRows.Row) {
    groups[0].append(row)
    if row.category >= 0 { groups[row.category + 1].append(row) }
  }
}

extension ClipFigures.Group {
  fileprivate mutating func append(_ row: ClipRows.Row) {
    table.append(row.sums, row.frames)
    own.append(ClipMetrics.row(row.counts, row.figures))
  }
}

/// Makes rows of what is kept of clips and of their scored sentences.
private struct ClipRows: Sendable {
  private let records: ClipRecords
  private let clips: ClipPlaces
  private let figures: ClipFigures

  /// Where each class of the records stands among the classes by name.
  private let classPlaces: [Int]

  /// What is known of one clip.
  struct Row: Sendable {
    /// The place of its category's name; −1 for none.
    let category: Int

    /// Its row of ``ClipTable``.
    let sums: [Double]
    let frames: [FrameScore]

    /// Its own figures, and what they rest on.
    let figures: [Double]
    let counts: MetricCounts
  }

  init(records: ClipRecords, clips: ClipPlaces, classes: [String], figures: ClipFigures) {
    self.records = records
    self.clips = clips
    self.figures = figures
    let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    classPlaces = records.classNames.compactMap { places[$0] }
  }

  func row(of place: Int, _ sentences: [SentenceCounts]) -> Row {
    let masks = records.masks(of: Int(clips[place]))
    var sums = MetricSums(row: masks.row)
    for sentence in sentences { sums.add(sentence) }
    let row = sums.values + byName(masks.row.dropFirst(MetricSums.count))
    return Row(
      category: Int(masks.category), sums: row, frames: masks.frames, figures: figures.own(of: row),
      counts: sums.counts)
  }

  /// The sums of classes in the order of their names, which is the same however clips came.
  private func byName(_ sums: ArraySlice<Double>) -> [Double] {
    if sums.isEmpty { return [] }
    var result = [Double](repeating: 0, count: classPlaces.count * ClassSums.count)
    for (place, value) in zip(0..., sums) {
      result[classPlaces[place / ClassSums.count] * ClassSums.count + place % ClassSums.count] =
        value
    }
    return result
  }
}
