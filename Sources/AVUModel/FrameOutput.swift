/// What the model says about one moment.
public struct FrameOutput: Sendable, Equatable {
  /// How probable it is that something visible sounds.
  public let presence: Float

  /// Whether ``presence`` reaches the model's threshold.
  public let isSounding: Bool

  /// How probable each category is, independently of the others.
  public let categoryScores: [Float]

  /// Logits of everything that sounds: `maskHeight × maskWidth`, row-major; empty
  /// from a model without masks.
  public let maskLogits: [Float]

  /// Logits of what each query found, as ``maskLogits``.
  public let queryMaskLogits: [[Float]]

  /// What part of what the sound took from the picture comes from each place of it, in the last exchange of the two
  /// streams: `attentionHeight × attentionWidth`, row-major, adding up to 1; empty from a model whose streams do
  /// not meet.
  public let attention: [Float]

  /// A sentence, or several; empty unless ``isSounding``, and from a model
  /// without sentences.
  public let caption: String
}
