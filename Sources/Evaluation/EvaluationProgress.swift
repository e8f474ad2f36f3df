/// How far an evaluation is: three steps, one after another.
public struct EvaluationProgress: Hashable, Sendable {
  /// What is being done.
  public enum Step: String, Sendable {
    /// Answers are compared with the truth, clip by clip.
    case clips = "Scoring clips"

    /// The sentences of all clips are scored as one set.
    case sentences = "Scoring sentences"

    /// Intervals are drawn, of the whole and of each category.
    case intervals = "Drawing intervals"
  }

  /// What is being done.
  public let step: Step

  /// How much of it is done.
  public let done: Double

  /// How much there is: clips, for intervals those of the whole and those of all categories.
  public let total: Int
}
