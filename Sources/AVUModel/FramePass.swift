import TensorCore

/// What the encoders and the streams give for one frame.
struct FrameFeatures: Sendable {
  /// Maps at a 4th, 8th, 16th and 32nd of the picture's size.
  let pyramid: [Tensor]

  /// [patches, 1024] and [patches, features].
  let audioEmbedding: Tensor
  let audioFeatures: Tensor

  /// [visual tokens, D], [patches, D], [queries, D].
  let visualTokens: Tensor
  let audioTokens: Tensor
  let queries: Tensor

  /// Both streams after each layer.
  let integrated: [Streams]
}

/// Everything that one pass over a frame gives, block by block.
struct FramePass: Sendable {
  let features: FrameFeatures

  /// What is masked, if the model makes masks.
  let masks: MaskDecoder.Masks?

  /// Logits: one for each category, and one.
  let categories: Tensor
  let presence: Tensor

  /// [queries, D], if the model has the module.
  let regions: Tensor?

  /// What sentences are made from, if the model makes them.
  let topic: DescriptionDecoder.Topic?
}
