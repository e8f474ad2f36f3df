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

  /// [patches, D] → [queries, D].
  func callAsFunction(_ audio: Tensor) -> Tensor {
    queries + mlp(audio.reshaped([1, audio.values.count]))
  }
}
