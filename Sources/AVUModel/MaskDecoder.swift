import TensorCore
import TensorNN

/// Pixel decoder over the pyramid, and masks as products with the query tokens.
///
/// Levels are named by their stride: `lateral32` … `lateral4`, `smooth16` … `smooth4`.
struct MaskDecoder: Sendable {
  /// What one pass gives.
  struct Masks: Sendable {
    /// What pixel features are a projection of, [1, H/4, W/4, P].
    let smoothed: Tensor

    /// Logits of each query: [queries, pixels].
    let queries: Tensor

    /// Logits of their union.
    let union: [Float]
  }

  private let laterals: [Linear]
  private let smooths: [SeparableConvolution]
  private let pixelProjection: Linear

  /// The projection seen from its other side, P → P, and the masks' part of its bias, P → 1: a mask is a
  /// product with the smoothed map as well, without a projection of all pixels.
  private let embeddingProjection: LinearWeights
  private let biasProjection: LinearWeights

  private let maskEmbedding: FeedForward
  private let maskBias: Linear

  init(_ weights: Weights, _ configuration: ModelConfiguration) throws(WeightsError) {
    let sizes = configuration.sizes
    let (pixels, deep, channels) = (sizes.pixelWidth, sizes.deepPixelWidth, sizes.pyramidChannels)
    laterals = [
      try Linear(weights["lateral4"], channels[0], pixels, pointwise: true),
      try Linear(weights["lateral8"], channels[1], pixels, pointwise: true),
      try Linear(weights["lateral16"], channels[2], deep, pointwise: true),
      try Linear(weights["lateral32"], channels[3] + sizes.width, deep, pointwise: true),
    ]
    let epsilon = configuration.batchEpsilon
    smooths = [
      try SeparableConvolution(smooth: weights["smooth4"], pixels, pixels, epsilon: epsilon),
      try SeparableConvolution(smooth: weights["smooth8"], pixels, pixels, epsilon: epsilon),
      try SeparableConvolution(smooth: weights["smooth16"], deep, pixels, epsilon: epsilon),
    ]
    let projection = weights["pixel_projection"]
    pixelProjection = try Linear(projection, pixels, pixels, pointwise: true)
    embeddingProjection = LinearWeights(
      weight: try projection.tensor("weight", [pixels, pixels, 1, 1]).reshaped([pixels, pixels]),
      bias: Tensor(zeros: [pixels]))
    biasProjection = LinearWeights(
      weight: try projection.tensor("bias", [pixels]).reshaped([pixels, 1]),
      bias: Tensor(zeros: [1]))
    maskEmbedding = try FeedForward(weights["mask_embedding"], sizes.width, sizes.width, pixels)
    maskBias = try Linear(weights["mask_bias"], sizes.width, 1)
  }

  /// Pyramid, fused visual tokens and query tokens [queries, D] → masks.
  func callAsFunction(_ pyramid: [Tensor], _ visual: Tensor, queries: Tensor) -> Masks {
    let smoothed = smoothed(pyramid, visual)
    let masks = masks(smoothed, queries)
    return Masks(smoothed: smoothed, queries: masks, union: masks.softUnion())
  }

  /// Smoothed maps, or means of them → pixel features.
  func pixelFeatures(_ smoothed: Tensor) -> Tensor { pixelProjection(smoothed) }

  /// Pyramid and fused visual tokens → [1, H/4, W/4, P].
  private func smoothed(_ pyramid: [Tensor], _ visual: Tensor) -> Tensor {
    let deepest = pyramid[3]
    let fused = Tensor.joinedColumns([deepest, visual])
    var x = laterals[3](fused.reshaped(deepest.shape.dropLast() + [fused.width]))
    for level in [2, 1, 0] {
      var wider = laterals[level](pyramid[level])
      wider.addUpsampled(x)
      x = smooths[level](wider)
    }
    return x
  }

  /// A smoothed map and query tokens [queries, D] → logits of each query [queries, pixels].
  private func masks(_ smoothed: Tensor, _ queries: Tensor) -> Tensor {
    let scale = 1 / Float(smoothed.width).squareRoot()
    let embedding = maskEmbedding(queries).map { $0 * scale }
    let layer = LinearWeights(
      weight: embedding.linear(embeddingProjection).transposed(),
      bias: embedding.linear(biasProjection) + maskBias(queries))
    return smoothed.linear(layer).transposed()
  }
}

extension SeparableConvolution {
  /// Depthwise 3×3 and pointwise 1×1, each with batch normalisation and ReLU.
  fileprivate init(
    smooth weights: Weights, _ inputs: Int, _ outputs: Int, epsilon: Float
  ) throws(WeightsError) {
    let norm = Convolution.Storage.batchNorm(epsilon: epsilon)
    self.init(
      depthwise: try Convolution(
        weights["depthwise"], .depthwise, inputs, size: 3, storage: norm, activation: .relu),
      project: try Convolution(
        weights["pointwise"], .full(inputs: inputs), outputs, storage: norm, activation: .relu))
  }
}
