import TensorCore
import TensorNN

/// PVT-v2 without its head: a four-level pyramid of a picture by attention to a reduced map
/// (W. Wang and others, “PVT v2”, 2022).
///
/// `stages.<number>`; maps are at a 4th, 8th, 16th and 32nd of the picture's size.
struct PyramidVisionTransformer: PictureEncoder {
  /// Stages with large maps and small weights see one picture at a time, the others all.
  private static let separateStages = 2

  private let stages: [PyramidStage]

  init(_ weights: Weights, _ sizes: EncoderSizes.Pyramid) throws(WeightsError) {
    var stages: [PyramidStage] = []
    for number in sizes.channels.indices {
      stages.append(try PyramidStage(weights["stages"][number], sizes, number))
    }
    self.stages = stages
  }

  func callAsFunction(_ pictures: some Collection<Tensor>) -> Pyramids {
    let fine = pictures.map { maps(of: $0, stages[..<Self.separateStages]) }
    let deep = Tensor.joinedRows(fine.map { $0[$0.count - 1] })
      .reshaped([fine.count] + fine[0][Self.separateStages - 1].shape.dropFirst())
    return Pyramids(fine: fine, coarse: maps(of: deep, stages[Self.separateStages...]))
  }

  private func maps(of x: Tensor, _ stages: ArraySlice<PyramidStage>) -> [Tensor] {
    stages.reduce(into: []) { maps, stage in maps.append(stage(maps.last ?? x)) }
  }
}

/// Added to variances: the original takes the first for norms of blocks and stages, and PyTorch's
/// default for those of embeddings and reduced maps.
private let (blockEpsilon, embeddingEpsilon): (Float, Float) = (1e-6, 1e-5)

/// Overlapping windows as tokens (7×7 every 4 pixels, or 3×3 every 2), blocks, norm.
private struct PyramidStage: Sendable {
  private let embedding: Convolution
  private let embeddingNorm: LayerNorm
  private let blocks: [PyramidBlock]
  private let norm: LayerNorm

  init(_ weights: Weights, _ sizes: EncoderSizes.Pyramid, _ number: Int) throws(WeightsError) {
    let width = sizes.channels[number]
    let (size, stride) = number == 0 ? (7, 4) : (3, 2)
    let patches = weights["patch_embedding"]
    embedding = try Convolution(
      patches["convolution"], .full(inputs: number == 0 ? 3 : sizes.channels[number - 1]), width,
      size: size, stride: stride, padding: .symmetric(size / 2), storage: .bias, activation: .none)
    embeddingNorm = try LayerNorm(patches["norm"], width, epsilon: embeddingEpsilon)
    var blocks: [PyramidBlock] = []
    for index in 0..<sizes.depths[number] {
      blocks.append(try PyramidBlock(weights["blocks"][index], sizes, number))
    }
    self.blocks = blocks
    norm = try LayerNorm(weights["norm"], width, epsilon: blockEpsilon)
  }

  /// [batch, H, W, inputs] → [batch, H / stride, W / stride, channels].
  func callAsFunction(_ x: Tensor) -> Tensor {
    norm(blocks.reduce(embeddingNorm(embedding(x))) { $1($0) })
  }
}

/// Pre-norm: attention to the reduced map; linear, depthwise 3×3, GELU, linear.
private struct PyramidBlock: Sendable {
  private let attentionNorm: LayerNorm
  private let attention: Attention

  /// Squares of the map as one token each; none where every place asks all others.
  private let reduction: (convolution: Convolution, norm: LayerNorm)?

  private let feedForwardNorm: LayerNorm
  private let linear1: Linear
  private let depthwise: Convolution
  private let linear2: Linear

  init(_ weights: Weights, _ sizes: EncoderSizes.Pyramid, _ number: Int) throws(WeightsError) {
    let width = sizes.channels[number]
    let (factor, hidden) = (sizes.reductions[number], width * sizes.expansions[number])
    attentionNorm = try LayerNorm(weights["attention_norm"], width, epsilon: blockEpsilon)
    let asking = weights["attention"]
    attention = try Attention(asking, width, heads: sizes.heads[number])
    reduction =
      factor == 1
      ? nil
      : (
        try Convolution(
          asking["reduction"], .full(inputs: width), width, size: factor, stride: factor,
          storage: .bias, activation: .none),
        try LayerNorm(asking["reduction_norm"], width, epsilon: embeddingEpsilon)
      )
    feedForwardNorm = try LayerNorm(weights["feed_forward_norm"], width, epsilon: blockEpsilon)
    let last = weights["feed_forward"]
    linear1 = try Linear(last["linear1"], width, hidden)
    depthwise = try Convolution(
      last["depthwise"], .depthwise, hidden, size: 3, storage: .bias, activation: .gelu)
    linear2 = try Linear(last["linear2"], hidden, width)
  }

  /// [batch, H, W, D] → [batch, H, W, D].
  func callAsFunction(_ x: Tensor) -> Tensor {
    var x = x
    let y = attentionNorm(x)
    x.add(attention(y, reduction.map { $0.norm($0.convolution(y)) } ?? y))
    x.add(linear2(depthwise(linear1(feedForwardNorm(x)))))
    return x
  }
}
