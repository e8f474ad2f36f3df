import TensorCore

/// Everything that one pass over a frame gives, block by block.
struct FramePass: Sendable {
  /// [1, H, W, 3].
  let picture: Tensor
  let sound: SoundPatches

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

  /// [1, H/4, W/4, P].
  let pixels: Tensor

  /// Logits: [queries, pixels], and their union.
  let queryMasks: Tensor
  let union: [Float]

  /// Logits: one for each category, and one.
  let categories: Tensor
  let presence: Tensor

  /// [queries, D], if the model has the module.
  let regions: Tensor?

  /// [tokens, D], for the sentences.
  let memory: Tensor
}
