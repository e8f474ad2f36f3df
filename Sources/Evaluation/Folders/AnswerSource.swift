public import Annotations

/// Answers to be scored, clip by clip: a model's predictions, or sentences of another program.
public protocol AnswerSource: Sendable {
  /// The clips that have an answer, by id.
  var names: [String] { get }

  /// What identifies the content of a clip's answer; nil when there is none or it cannot be read.
  func digest(of id: ClipID) -> String?

  /// Scores a clip's answer.
  ///
  /// - Parameter truth: What people say of the clip.
  /// - Returns: The scores of its frames.
  /// - Throws: An error that names the file.
  func score(against truth: ClipTruth) throws(EvaluationError) -> ClipScore
}
