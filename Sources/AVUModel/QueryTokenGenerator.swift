import TensorCore
import TensorNN

/// The sound makes the queries: learned tokens plus an MLP of the audio tokens.
struct QueryTokenGenerator: Sendable {
  private let queries: Tensor
  private let mlp: FeedForward

  init(_ weights: Weights, _ sizes: ModelSizes) throws(WeightsError) {
    queries = try weights.tensor("queries", [sizes.queryTokens, sizes.width])
    mlp = try FeedForward(
      weights["mlp"], sizes.audioPatches * sizes.width, sizes.width,
      sizes.queryTokens * sizes.width)
  }

  /// [frames, patches, D] → [frames, queries, D].
  func callAsFunction(_ audio: Tensor) -> Tensor {
    let frames = audio.shape[0]
    let asked = mlp(audio.reshaped([frames, audio.values.count / frames])) + queries
    return asked.reshaped([frames] + queries.shape)
  }
}
