import Foundation
import TensorCore
import TensorNN

/// Pixel decoder over the pyramid, and masks as products with the query tokens.
///
/// Levels are named by their stride: `lateral32` … `lateral4`, `smooth16` … `smooth4`.
struct MaskDecoder: Sendable {
  /// What one pass gives.
  struct Masks: Sendable {
    /// [1, H/4, W/4, P].
    let pixels: Tensor

    /// Logits of each query: [queries, pixels].
    let queries: Tensor

    /// Logits of their union.
    let union: [Float]
  }

  private let laterals: [Linear]
  private let smooths: [SeparableConvolution]
  private let pixelProjection: Linear
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
    pixelProjection = try Linear(weights["pixel_projection"], pixels, pixels, pointwise: true)
    maskEmbedding = try FeedForward(weights["mask_embedding"], sizes.width, sizes.width, pixels)
    maskBias = try Linear(weights["mask_bias"], sizes.width, 1)
  }

  /// Pyramid, fused visual tokens and query tokens [queries, D] → masks.
  func callAsFunction(_ pyramid: [Tensor], _ visual: Tensor, queries: Tensor) -> Masks {
    let pixels = pixels(pyramid, visual)
    let masks = masks(pixels, queries)
    return Masks(pixels: pixels, queries: masks, union: Self.union(masks))
  }

  /// Pyramid and fused visual tokens → pixel features [1, H/4, W/4, P].
  private func pixels(_ pyramid: [Tensor], _ visual: Tensor) -> Tensor {
    let deepest = pyramid[3]
    let fused = Tensor.joinedColumns([deepest, visual])
    var x = laterals[3](fused.reshaped(deepest.shape.dropLast() + [fused.width]))
    for level in [2, 1, 0] {
      var wider = laterals[level](pyramid[level])
      wider.addUpsampled(x)
      x = smooths[level](wider)
    }
    return pixelProjection(x)
  }

  /// Pixel features and query tokens [queries, D] → logits of each query [queries, pixels].
  private func masks(_ pixels: Tensor, _ queries: Tensor) -> Tensor {
    let bias = maskBias(queries)
    let logits = maskEmbedding(queries).product(
      pixels, transposed: true, scale: 1 / Float(pixels.width).squareRoot())
    return Tensor(
      shape: logits.shape,
      values: logits.values.indices.map { logits.values[$0] + bias.values[$0 / logits.width] })
  }

  /// Soft maximum over queries: ln(Σ e^(2·x)) / 2, [queries, pixels] → `pixels` values.
  private static func union(_ queries: Tensor) -> [Float] {
    let pixels = queries.width
    return (0..<pixels).map { pixel in
      let logits = (0..<queries.rows).map { 2 * queries.values[$0 * pixels + pixel] }
      let top = logits.reduce(logits[0], max)
      return (top + log(logits.reduce(0) { $0 + exp($1 - top) })) / 2
    }
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
