public import Annotations
public import Streaming

/// Answers to be scored, clip by clip: a model's predictions, or sentences of another program.
public protocol AnswerSource: Sendable {
  /// The ids of the clips that have an answer, ascending by their bytes.
  var names: NameTable { get }

  /// What identifies the content of a clip's answer; nil when there is none or it cannot be read.
  func digest(of id: ClipID) -> String?

  /// Scores a clip's answer.
  ///
  /// - Parameter truth: What people say of the clip.
  /// - Returns: The scores of its frames.
  /// - Throws: An error that names the file.
  func score(against truth: ClipTruth) throws(EvaluationError) -> ClipScore
}
