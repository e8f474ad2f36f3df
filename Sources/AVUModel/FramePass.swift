import TensorCore

/// What the encoders and the streams give for one frame.
struct FrameFeatures: Sendable {
  /// Maps at a 4th, 8th, 16th and 32nd of the picture's size.
  let pyramid: [Tensor]

  /// [patches, embedding] and [patches, features].
  let audioEmbedding: Tensor
  let audioFeatures: Tensor

  /// [visual tokens, D], [patches, D], [queries, D].
  let visualTokens: Tensor
  let audioTokens: Tensor
  let queries: Tensor

  /// Both streams after each layer.
  let integrated: [Streams]
}

/// What one pass over a frame gives, block by block.
struct FramePass: Sendable {
  let features: FrameFeatures

  /// Both streams after the last layer.
  let streams: Streams

  /// What is masked, if the model makes masks.
  let masks: MaskDecoder.Masks?

  /// Logits: one for each category, and one.
  let categories: Tensor
  let presence: Tensor
}

/// What is known of what a frame's sentence is about.
struct FrameSubject: Sendable {
  /// [queries, output], if the model has a region encoder.
  let encodedRegions: Tensor?

  /// [queries, D], if the model has masks that reach sentences.
  let regions: Tensor?

  /// What the sentence is made from.
  let topic: DescriptionDecoder.Topic
}
