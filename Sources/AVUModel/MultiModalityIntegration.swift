import TensorCore
import TensorNN

/// What the two streams carry.
struct Streams: Sendable {
  /// [frames, visual tokens, D], or of one frame.
  var visual: Tensor

  /// [frames, patches + queries, D], or of one frame.
  var audio: Tensor

  /// What part of what the audio stream took from the visual one comes from each of its tokens, [frames, visual
  /// tokens], or of one frame; nil before the last layer.
  var attention: Tensor?

  /// What one frame's streams carry.
  func frame(_ index: Int) -> Streams {
    Streams(
      visual: visual.part(index), audio: audio.part(index),
      attention: attention?.rows(index..<index + 1))
  }
}

/// Pre-norm: self-attention a stream, cross-attention both ways, feed-forward a stream.
struct MultiModalityIntegration: Sendable {
  private let visual: StreamLayers
  private let audio: StreamLayers

  init(_ weights: Weights, _ configuration: ModelConfiguration) throws(WeightsError) {
    visual = try StreamLayers(weights, "visual", configuration)
    audio = try StreamLayers(weights, "audio", configuration)
  }

  /// Both streams ask each other's state before the step. The last layer notes what the audio stream took from where.
  func callAsFunction(_ streams: Streams, isLast: Bool) -> Streams {
    var next = streams
    let (x, y) = (visual.selfNorm(next.visual), audio.selfNorm(next.audio))
    next.visual.add(visual.selfAttention(x, x))
    next.audio.add(audio.selfAttention(y, y))
    let (u, v) = (visual.crossNorm(next.visual), audio.crossNorm(next.audio))
    next.visual.add(visual.crossAttention(u, v))
    if isLast {
      let (heard, shares) = audio.crossAttention.withShares(v, u)
      next.audio.add(heard)
      next.attention = shares
    } else {
      next.audio.add(audio.crossAttention(v, u))
    }
    next.visual.add(visual.feedForward(visual.feedForwardNorm(next.visual)))
    next.audio.add(audio.feedForward(audio.feedForwardNorm(next.audio)))
    return next
  }
}

/// The layers of one stream.
private struct StreamLayers: Sendable {
  let selfNorm: LayerNorm
  let selfAttention: Attention
  let crossNorm: LayerNorm
  let crossAttention: Attention
  let feedForwardNorm: LayerNorm
  let feedForward: FeedForward

  init(
    _ weights: Weights, _ stream: String, _ configuration: ModelConfiguration
  ) throws(WeightsError) {
    let (width, heads) = (configuration.sizes.width, configuration.sizes.heads)
    let epsilon = configuration.layerEpsilon
    selfNorm = try LayerNorm(weights[stream + "_self_norm"], width, epsilon: epsilon)
    selfAttention = try Attention(weights[stream + "_self_attention"], width, heads: heads)
    crossNorm = try LayerNorm(weights[stream + "_cross_norm"], width, epsilon: epsilon)
    crossAttention = try Attention(weights[stream + "_cross_attention"], width, heads: heads)
    feedForwardNorm = try LayerNorm(
      weights[stream + "_feed_forward_norm"], width, epsilon: epsilon)
    feedForward = try FeedForward(
      weights[stream + "_feed_forward"], width, 2 * width, width)
  }
}
