import TensorCore
import TensorNN

/// EfficientNet-Lite0 without its head: `stem`, then `blocks.<stage>.<index>`.
///
/// A picture [1, H, W, 3] becomes a pyramid of maps at a 4th, 8th, 16th and 32nd of its size. The
/// first stages, whose maps are large and weights small, see one picture after the other; the last
/// ones, with small maps and large weights, all pictures at a time.
struct VisualEncoder: PictureEncoder {
  /// Blocks of the same shape: M. Tan, “EfficientNet-Lite” (2020), table of B0 with fixed head.
  private struct Stage {
    let kernel: Int
    let stride: Int
    let expansion: Int
    let channels: Int
    let repeats: Int
    var tapped = false
  }

  /// Stages that see one picture at a time.
  private static let separateStages = 3

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

  /// The first one has the stem in it.
  private let blocks: [[SeparableConvolution]]

  init(_ weights: Weights, epsilon: Float) throws(WeightsError) {
    let stem = try Convolution(
      weights["stem"], .full(inputs: 3), Self.stemChannels, size: 3, stride: 2,
      storage: .batchNorm(epsilon: epsilon), activation: .relu6)
    var blocks: [[SeparableConvolution]] = []
    var inputs = Self.stemChannels
    for (number, stage) in Self.stages.enumerated() {
      var list: [SeparableConvolution] = []
      for index in 0..<stage.repeats {
        list.append(
          try SeparableConvolution(
            weights["blocks"][number][index], stem: number == 0 ? stem : nil, kernel: stage.kernel,
            stride: index == 0 ? stage.stride : 1, expansion: stage.expansion, inputs: inputs,
            outputs: stage.channels, epsilon: epsilon))
        inputs = stage.channels
      }
      blocks.append(list)
    }
    self.blocks = blocks
  }

  func callAsFunction(_ pictures: some Collection<Tensor>) -> Pyramids {
    var (fine, deep): ([[Tensor]], [Tensor]) = ([], [])
    for picture in pictures {
      var x = picture
      fine.append(run(0..<Self.separateStages, &x))
      deep.append(x)
    }
    var x = Tensor.joinedRows(deep).reshaped([deep.count] + deep[0].shape.dropFirst())
    return Pyramids(fine: fine, coarse: run(Self.separateStages..<Self.stages.count, &x))
  }

  /// Some of the stages; what they add to the pyramid.
  private func run(_ stages: Range<Int>, _ x: inout Tensor) -> [Tensor] {
    var maps: [Tensor] = []
    for stage in stages {
      for block in blocks[stage] { x = block(x) }
      if Self.stages[stage].tapped { maps.append(x) }
    }
    return maps
  }
}

/// The maps of some pictures, finest first.
struct Pyramids: Sendable {
  /// Of each picture the first maps, [1, height, width, channels].
  let fine: [[Tensor]]

  /// The last maps, of all pictures together: [pictures, height, width, channels].
  let coarse: [Tensor]

  /// The maps of pictures that are shown, perhaps more than once.
  func repeated(_ shown: [Int]) -> Pyramids {
    guard shown != Array(fine.indices) else { return self }
    return Pyramids(
      fine: shown.map { fine[$0] }, coarse: coarse.map { maps in .batch(shown.map(maps.part)) })
  }

  /// All maps of one picture, [1, height, width, channels].
  subscript(_ index: Int) -> [Tensor] {
    fine[index] + coarse.map { $0.part(index).reshaped([1] + $0.shape.dropFirst()) }
  }
}

extension SeparableConvolution {
  /// Expand 1×1 (the stem or nothing at expansion 1), depthwise k×k, project 1×1; skip when shapes agree.
  fileprivate init(
    _ weights: Weights, stem: Convolution?, kernel: Int, stride: Int, expansion: Int, inputs: Int,
    outputs: Int,
    epsilon: Float
  ) throws(WeightsError) {
    let hidden = inputs * expansion
    let norm = Convolution.Storage.batchNorm(epsilon: epsilon)
    self.init(
      expand: expansion == 1
        ? stem
        : try Convolution(
          weights["expand"], .full(inputs: inputs), hidden, storage: norm, activation: .relu6),
      depthwise: try Convolution(
        weights["depthwise"], .depthwise, hidden, size: kernel, stride: stride, storage: norm,
        activation: .relu6),
      project: try Convolution(
        weights["project"], .full(inputs: hidden), outputs, storage: norm, activation: .none),
      isResidual: stride == 1 && inputs == outputs)
  }
}
