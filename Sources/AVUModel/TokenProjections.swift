import TensorCore
import TensorNN

/// The deepest map (and the pooled one above it) as tokens with learned positions.
struct VisualProjection: Sendable {
  private let linear: Linear
  private let norm: LayerNorm
  private let pooled: Linear
  private let position: Tensor

  init(_ weights: Weights, _ configuration: ModelConfiguration) throws(WeightsError) {
    let (width, channels) = (configuration.sizes.width, configuration.sizes.pyramidChannels)
    linear = try Linear(weights["linear"], channels[3], width)
    norm = try LayerNorm(weights["norm"], width, epsilon: configuration.layerEpsilon)
    pooled = try Linear(weights["pooled"], channels[2], width)
    position = try weights.tensor("position", [configuration.visualTokens, width])
  }

  /// The maps of frames → [frames, tokens, D], rows of the picture first.
  func callAsFunction(_ pyramids: Pyramids) -> Tensor {
    let (finer, deepest) = (pyramids.coarse[pyramids.coarse.count - 2], pyramids.coarse.last)
    guard let deepest else { preconditionFailure("a pyramid without maps") }
    let above = pooled(finer.meanPooled(2))
    return (norm(linear(deepest)) + position + above).reshaped([deepest.shape[0]] + position.shape)
  }
}

/// Audio features of each patch as a token.
struct AudioProjection: Sendable {
  private let linear: Linear
  private let norm: LayerNorm
  private let position: Tensor

  init(_ weights: Weights, _ configuration: ModelConfiguration) throws(WeightsError) {
    let sizes = configuration.sizes
    linear = try Linear(weights["linear"], sizes.audioFeatures, sizes.width)
    norm = try LayerNorm(weights["norm"], sizes.width, epsilon: configuration.layerEpsilon)
    position = try weights.tensor("position", [sizes.audioPatches, sizes.width])
  }

  /// [patches of all frames, features] → [frames, patches, D].
  func callAsFunction(_ features: Tensor) -> Tensor {
    (norm(linear(features)) + position).reshaped(
      [features.rows / position.rows] + position.shape)
  }
}
