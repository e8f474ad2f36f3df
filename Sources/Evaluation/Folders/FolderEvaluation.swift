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

  /// Clips that are scored together; also how many scores are in memory at a time.
  private static let block = 64

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
    self.summary = summary
    self.isStrict = isStrict
    self.threads = threads ?? ParallelMap.processors
    self.cache = cache
  }

  /// Scores every clip that has truth and an answer; what has not, or cannot be read, is listed.
  ///
  /// - Parameters:
  ///   - dataset: The ground truth.
  ///   - split: Which clips take part, by the name of a split of `dataset.json`; nil for all.
  ///   - answers: What is scored.
  ///   - progress: Called after each block with the number of clips done and of all clips.
  /// - Returns: The report.
  /// - Throws: An error that names the file.
  public func report(
    of dataset: DatasetFolder, split: String? = nil, answers: any AnswerSource,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(EvaluationError) -> MetricReport {
    let wanted = try split.map { name throws(EvaluationError) in try dataset.clips(inSplit: name) }
    var strangers = Strangers(answers.names, wanted)
    var ids = UniqueIDs(of: dataset.clips)
    var figures = MetricAccumulator(summary: summary)
    var unscored: [UnscoredClip] = []
    for start in stride(from: 0, to: dataset.clips.count, by: Self.block) {
      let clips = dataset.clips[start..<min(start + Self.block, dataset.clips.count)]
      for (place, result) in zip(clips.indices, scores(of: Array(clips), wanted, answers)) {
        let clip = dataset.clips[place]
        do throws(EvaluationError) {
          guard let scored = try result.get() else { continue }
          strangers.remove(scored.id.text)
          figures.add(try accept(scored, at: place, &ids))
        } catch {
          if isStrict { throw error }
          strangers.remove(clip.name)
          unscored.append(UnscoredClip(clip: clip.name, reason: "\(error)"))
        }
      }
      progress(min(start + Self.block, dataset.clips.count), dataset.clips.count)
    }
    unscored += try listed(strangers, dataset)
    return figures.report(unscored: unscored)
  }

  /// What became of one clip.
  private struct Scored: Sendable {
    let id: ClipID
    let score: Result<ClipScore, EvaluationError>
  }

  /// For each clip its score, an error, or nil when it takes no part.
  private func scores(
    of clips: [ClipFolder], _ wanted: Set<String>?, _ answers: any AnswerSource
  ) -> [Result<Scored?, EvaluationError>] {
    ParallelMap.map(clips.count, threads: threads) { [cache] index in
      Result { () throws(EvaluationError) in
        let clip = clips[index]
        let document = try clip.annotation()
        if let wanted, !wanted.contains(document.id.text) { return nil }
        let score = Result { () throws(EvaluationError) in
          try Self.score(clip, document.id, answers, cache)
        }
        return Scored(id: document.id, score: score)
      }
    }
  }

  private static func score(
    _ clip: ClipFolder, _ id: ClipID, _ answers: any AnswerSource, _ cache: ScoreCache?
  ) throws(EvaluationError) -> ClipScore {
    guard let cache, let answer = answers.digest(of: id), let truth = clip.digest() else {
      return try answers.score(against: clip.truth())
    }
    let key = ScoreCache.key(truth: truth, answer: answer)
    if let known = cache.score(for: key) { return known }
    let score = try answers.score(against: clip.truth())
    try cache.keep(score, for: key)
    return score
  }

  /// Refuses the second of two folders of one clip and, if strict, what could not be scored whole.
  private func accept(
    _ scored: Scored, at place: Int, _ ids: inout UniqueIDs
  ) throws(EvaluationError) -> ClipScore {
    try ids.add(scored.id, at: place)
    let score = try scored.score.get()
    if isStrict, let problem = score.problems.first {
      throw .notScored(clip: "The clip “\(scored.id.text)”", reason: problem)
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
  private let wanted: Set<String>?
  private var isKnown: [Bool]

  /// - Parameters:
  ///   - all: The names of all answers, ascending.
  ///   - wanted: Those that count; nil for all.
  init(_ all: NameTable, _ wanted: Set<String>?) {
    self.all = all
    self.wanted = wanted
    isKnown = [Bool](repeating: false, count: all.count)
  }

  /// Takes an answer away, if there is one of this name.
  mutating func remove(_ name: String) {
    if let place = all.place(of: name) { isKnown[place] = true }
  }

  /// Those that are left, ascending.
  var names: [String] {
    all.indices.lazy.filter { !isKnown[$0] }.map { all[$0] }.filter { wanted?.contains($0) ?? true }
  }
}
