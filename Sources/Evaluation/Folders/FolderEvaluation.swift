import Annotations

/// Scores a folder of predictions against a data set on disk, for `avu evaluate`.
public enum FolderEvaluation {
  /// Scores every clip that has both; what has not, or cannot be read, is listed.
  ///
  /// - Parameters:
  ///   - truth: The data set's folder.
  ///   - predictions: The folder of predictions.
  ///   - isStrict: Whether the first thing that cannot be scored stops the evaluation.
  ///   - summary: How to sum up.
  ///   - progress: Called after each clip with the number of clips done and of all clips.
  /// - Returns: The report and the scores of the clips.
  /// - Throws: An error that names the file.
  public static func evaluate(
    truth: String, predictions: String, isStrict: Bool = false,
    summary: MetricSummary = MetricSummary(), progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> (report: MetricReport, scores: [ClipScore]) {
    let dataset = try DatasetFolder(path: truth)
    let predictions = try PredictionFolder(path: predictions)
    var unknown = Set(predictions.names)
    var scores: [ClipScore] = []
    var unscored: [UnscoredClip] = []
    var done = 0
    try dataset.forEachClip { clip, result in
      do {
        let truth = try result.get()
        unknown.remove(truth.id.text)
        let score = try ClipScorer.score(
          predictions.prediction(of: truth.id), against: truth)
        if isStrict, let problem = score.problems.first {
          throw EvaluationError.notScored(clip: "The clip “\(truth.id.text)”", reason: problem)
        }
        scores.append(score)
      } catch {
        if isStrict { throw error }
        unknown.remove(clip.name)
        unscored.append(UnscoredClip(clip: clip.name, reason: "\(error)"))
      }
      done += 1
      progress(done, dataset.clips.count)
    }
    let reason = "a prediction without ground truth in \(truth)"
    if isStrict, let first = unknown.min() {
      throw EvaluationError.notScored(clip: "The clip “\(first)”", reason: reason)
    }
    unscored += unknown.map {
      UnscoredClip(clip: $0, reason: reason)
    }
    return (summary.report(of: scores, unscored: unscored), scores)
  }
}
