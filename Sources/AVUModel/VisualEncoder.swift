import TensorCore
import TensorNN

/// EfficientNet-Lite0 without its head: `stem`, then `blocks.<stage>.<index>`.
///
/// A picture [1, H, W, 3] becomes a pyramid of maps at a 4th, 8th, 16th and 32nd of its size.
struct VisualEncoder: Sendable {
  /// Blocks of the same shape: M. Tan, “EfficientNet-Lite” (2020), table of B0 with fixed head.
  private struct Stage {
    let kernel: Int
    let stride: Int
    let expansion: Int
    let channels: Int
    let repeats: Int
    var tapped = false
  }

  private static let stemChannels = 32

  private static let stages = [
    Stage(kernel: 3, stride: 1, expansion: 1, channels: 16, repeats: 1),
    Stage(kernel: 3, stride: 2, expansion: 6, channels: 24, repeats: 2, tapped: true),
    Stage(kernel: 5, stride: 2, expansion: 6, channels: 40, repeats: 2, tapped: true),
    Stage(kernel: 3, stride: 2, expansion: 6, channels: 80, repeats: 3),
    Stage(kernel: 5, stride: 1, expansion: 6, channels: 112, repeats: 3, tapped: true),
    Stage(kernel: 5, stride: 2, expansion: 6, channels: 192, repeats: 4),
    Stage(kernel: 3, stride: 1, expansion: 6, channels: 320, repeats: 1, tapped: true),
  ]

  /// Channels of the pyramid's maps.
  static let pyramidChannels = stages.filter(\.tapped).map(\.channels)

  private let stem: Convolution
  private let blocks: [[InvertedResidual]]

  init(_ weights: Weights, epsilon: Float) throws(WeightsError) {
    stem = try Convolution(
      weights["stem"], .full(inputs: 3), Self.stemChannels, size: 3, stride: 2,
      storage: .batchNorm(epsilon: epsilon), activation: .relu6)
    var blocks: [[InvertedResidual]] = []
    var inputs = Self.stemChannels
    for (number, stage) in Self.stages.enumerated() {
      var list: [InvertedResidual] = []
      for index in 0..<stage.repeats {
        list.append(
          try InvertedResidual(
            weights["blocks"][number][index], kernel: stage.kernel,
            stride: index == 0 ? stage.stride : 1, expansion: stage.expansion, inputs: inputs,
            outputs: stage.channels, epsilon: epsilon))
        inputs = stage.channels
      }
      blocks.append(list)
    }
    self.blocks = blocks
  }

  /// [1, H, W, 3] → [1, H/4, W/4, 24], [1, H/8, W/8, 40], [1, H/16, W/16, 112],
  /// [1, H/32, W/32, 320].
  func callAsFunction(_ picture: Tensor) -> [Tensor] {
    var x = stem(picture)
    var pyramid: [Tensor] = []
    for (stage, blocks) in zip(Self.stages, blocks) {
      for block in blocks { x = block(x) }
      if stage.tapped { pyramid.append(x) }
    }
    return pyramid
  }
}

/// Expand 1×1 (left out at expansion 1), depthwise k×k, project 1×1; skip when shapes agree.
private struct InvertedResidual: Sendable {
  let expand: Convolution?
  let depthwise: Convolution
  let project: Convolution
  let isResidual: Bool

  init(
    _ weights: Weights, kernel: Int, stride: Int, expansion: Int, inputs: Int, outputs: Int,
    epsilon: Float
  ) throws(WeightsError) {
    let hidden = inputs * expansion
    let norm = Convolution.Storage.batchNorm(epsilon: epsilon)
    expand =
      expansion == 1
      ? nil
      : try Convolution(
        weights["expand"], .full(inputs: inputs), hidden, storage: norm, activation: .relu6)
    depthwise = try Convolution(
      weights["depthwise"], .depthwise, hidden, size: kernel, stride: stride, storage: norm,
      activation: .relu6)
    project = try Convolution(
      weights["project"], .full(inputs: hidden), outputs, storage: norm, activation: .none)
    isResidual = stride == 1 && inputs == outputs
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    var y = project(depthwise(expand.map { $0(x) } ?? x))
    if isResidual { y.add(x) }
    return y
  }
}
