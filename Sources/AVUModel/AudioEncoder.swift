import Foundation
import TensorCore
import TensorNN

/// A YAMNet-shaped MobileNet-v1 over log-mel patches, with our own sound classes on top.
///
/// `stem` (3×3, stride 2), `blocks.0` … `blocks.12`, `classifier` (1024 → categories + 1).
struct AudioEncoder: SoundEncoder {
  /// Output channels and stride of each depthwise-separable layer.
  private static let layers = [
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1),
    (512, 1), (512, 1), (1024, 2), (1024, 1),
  ]

  /// Layers with large maps and small weights see few patches at a time, the others all.
  private static let separateLayers = 5

  private static let stemChannels = 32

  /// Values of a patch's embedding.
  static let embeddingWidth = 1024

  /// The first one has the stem in it.
  private let blocks: [SeparableConvolution]
  private let classifier: Linear

  init(_ weights: Weights, categories: Int) throws(WeightsError) {
    let stem = try Convolution(
      weights["stem"], .full(inputs: 1), Self.stemChannels, size: 3, stride: 2, storage: .bias,
      activation: .relu)
    var inputs = Self.stemChannels
    var blocks: [SeparableConvolution] = []
    for (index, (outputs, stride)) in Self.layers.enumerated() {
      let block = weights["blocks"][index]
      blocks.append(
        SeparableConvolution(
          expand: index == 0 ? stem : nil,
          depthwise: try Convolution(
            block["depthwise"], .depthwise, inputs, size: 3, stride: stride, storage: .bias,
            activation: .relu),
          project: try Convolution(
            block["pointwise"], .full(inputs: inputs), outputs, storage: .bias, activation: .relu)
        ))
      inputs = outputs
    }
    self.blocks = blocks
    classifier = try Linear(weights["classifier"], Self.embeddingWidth, categories + 1)
  }

  /// Log-mel values of some patches each, [patches, 96, 64, 1] → mean over the last map,
  /// [all patches, 1024], never negative.
  func embedding(_ patches: [Tensor]) -> Tensor {
    let parts = patches.map { blocks[..<Self.separateLayers].reduce($0) { $1($0) } }
    let count = parts.reduce(0) { $0 + $1.shape[0] }
    let joined = Tensor.joinedRows(parts).reshaped([count] + parts[0].shape.dropFirst())
    return blocks[Self.separateLayers...].reduce(joined) { $1($0) }.meanOverPixels()
  }

  /// Embeddings and levels → [patches, features]: 2 · ln(1 + embedding), sound scores, level.
  func features(embedding: Tensor, levels: [Float]) -> Tensor {
    var heard = embedding
    heard.logarithm(offset: 1, scale: 2)
    return .joinedColumns([
      heard, classifier(embedding).map(sigmoid), Tensor(shape: [levels.count, 1], values: levels),
    ])
  }
}

/// 1 / (1 + e^-x).
func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
