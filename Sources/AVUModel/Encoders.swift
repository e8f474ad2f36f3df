import TensorCore

/// Gives the pyramid of pictures.
protocol PictureEncoder: Sendable {
  /// Normalised pictures [1, H, W, 3], each asked for once → their maps at a 4th, 8th, 16th and 32nd
  /// of the size.
  func callAsFunction(_ pictures: some Collection<Tensor>) -> Pyramids
}

/// Gives the features of what is heard.
protocol SoundEncoder: Sendable {
  /// Log-mel values of some patches each, [patches, 96, 64, 1] → [all patches, embedding].
  func embedding(_ patches: [Tensor]) -> Tensor

  /// Embeddings and levels → [patches, features].
  func features(embedding: Tensor, levels: [Float]) -> Tensor
}
