import Annotations
import Streaming

/// Scores answers on disk against a data set on disk, for `avu evaluate`.
///
/// Clips are read, scored and forgotten block by block, on several threads; the report is the same
/// for any number of them.
public struct FolderEvaluation: Sendable {
  private let summary: MetricSummary
  private let isStrict: Bool
  private let threads: Int
  private let cache: ScoreCache?

  /// Clips that a thread scores one after another.
  private static let block = 16

  /// Chooses how to score.
  ///
  /// - Parameters:
  ///   - summary: How to sum up.
  ///   - isStrict: Whether the first thing that cannot be scored stops the evaluation.
  ///   - threads: On how many threads; all processors by default.
  ///   - cache: Where scores are kept from one evaluation to the next.
  public init(
    summary: MetricSummary = MetricSummary(), isStrict: Bool = false, threads: Int? = nil,
    cache: ScoreCache? = nil
  ) {
    self.threads = threads ?? ParallelMap.processors
    self.isStrict = isStrict
    self.cache = cache
    var summary = summary
    summary.threads = self.threads
    self.summary = summary
  }

  /// Scores every clip that has truth and an answer; what has not, or cannot be read, is listed.
  ///
  /// - Parameters:
  ///   - dataset: The ground truth.
  ///   - split: Which clips take part, by the name of a split of `dataset.json`; nil for all.
  ///   - answers: What is scored.
  ///   - progress: Called every now and then.
  /// - Returns: The report.
  /// - Throws: An error that names the file.
  public func report(
    of dataset: DatasetFolder, split: String? = nil, answers: any AnswerSource,
    progress: (EvaluationProgress) -> Void = { _ in }
  ) throws(EvaluationError) -> MetricReport {
    let wanted = try split.map { name throws(EvaluationError) in try dataset.clips(inSplit: name) }
    var strangers = Strangers(answers.names)
    var ids = UniqueIDs(of: dataset.clips)
    var summary = summary
    summary.classes = dataset.description?.categories ?? []
    var figures = MetricAccumulator(summary: summary)
    var unscored: [UnscoredClip] = []
    let clips = dataset.clips
    var place = 0
    try OrderedWork.run((clips.count + Self.block - 1) / Self.block, threads: threads) {
      [cache] block in
      clips[(block * Self.block)..<min((block + 1) * Self.block, clips.count)].map {
        Self.scored($0, wanted, answers, cache)
      }
    } take: { (results: [Result<Scored, EvaluationError>]) throws(EvaluationError) in
      for result in results {
        do throws(EvaluationError) {
          let scored = try result.get()
          strangers.remove(scored.id.text)
          if let score = scored.score {
            try ids.add(scored.id, at: place)
            figures.add(try accept(score, of: scored.id))
          }
        } catch {
          if isStrict { throw error }
          strangers.remove(clips[place].name)
          unscored.append(UnscoredClip(clip: clips[place].name, reason: "\(error)"))
        }
        place += 1
      }
      try figures.check()
      progress(EvaluationProgress(step: .clips, done: Double(place), total: clips.count))
    }
    unscored += try listed(strangers, dataset)
    return try figures.report(unscored: unscored, progress: progress)
  }

  /// What became of one clip.
  private struct Scored: Sendable {
    let id: ClipID

    /// Its score; nil when it takes no part.
    let score: Result<ClipScore, EvaluationError>?
  }

  private static func scored(
    _ clip: ClipFolder, _ wanted: Set<String>?, _ answers: any AnswerSource, _ cache: ScoreCache?
  ) -> Result<Scored, EvaluationError> {
    Result { () throws(EvaluationError) in
      let document = try clip.annotation()
      if let wanted, !wanted.contains(document.id.text) {
        return Scored(id: document.id, score: nil)
      }
      let score = Result { () throws(EvaluationError) in
        try Self.score(clip, document, answers, cache)
      }
      return Scored(id: document.id, score: score)
    }
  }

  private static func score(
    _ clip: ClipFolder, _ document: ClipTruth, _ answers: any AnswerSource, _ cache: ScoreCache?
  ) throws(EvaluationError) -> ClipScore {
    guard let cache, let answer = answers.digest(of: document.id), let truth = clip.digest() else {
      return try answers.score(against: clip.withMasks(document))
    }
    let key = ScoreCache.key(truth: truth, answer: answer)
    if let known = cache.score(for: key) { return known }
    let score = try answers.score(against: clip.withMasks(document))
    try cache.keep(score, for: key)
    return score
  }

  /// A clip's score; if strict, only if it could be scored whole.
  private func accept(
    _ score: Result<ClipScore, EvaluationError>, of id: ClipID
  ) throws(EvaluationError) -> ClipScore {
    let score = try score.get()
    if isStrict, let problem = score.problems.first {
      throw .notScored(clip: "The clip “\(id.text)”", reason: problem)
    }
    return score
  }

  private func listed(
    _ strangers: Strangers, _ dataset: DatasetFolder
  ) throws(EvaluationError) -> [UnscoredClip] {
    let reason = "a prediction without ground truth in \(dataset.path)"
    let names = strangers.names
    if isStrict, let first = names.first {
      throw .notScored(clip: "The clip “\(first)”", reason: reason)
    }
    return names.map { UnscoredClip(clip: $0, reason: reason) }
  }
}

/// Answers to which no clip was found so far.
private struct Strangers {
  private let all: NameTable
  private var known = PlaceSet()

  /// Where the next name most likely is: clips come by their names.
  private var next = 0

  /// - Parameter all: The names of all answers, ascending.
  init(_ all: NameTable) { self.all = all }

  /// Takes an answer away, if there is one of this name.
  mutating func remove(_ name: String) {
    guard let place = all.place(of: name, likely: next) else { return }
    known.insert(place)
    next = place + 1
  }

  /// Those that are left, ascending.
  var names: [String] { all.indices.filter { !known.contains($0) }.map { all[$0] } }
}
