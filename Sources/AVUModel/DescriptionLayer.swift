import TensorCore
import TensorNN

/// Pre-norm: self-attention to earlier words, cross-attention to the memory, feed-forward or
/// experts.
struct DescriptionLayer: Sendable {
  let selfNorm: LayerNorm
  let selfAttention: Attention
  let crossNorm: LayerNorm
  let crossAttention: Attention
  let feedForwardNorm: LayerNorm
  let feedForward: Last

  /// What ends the layer.
  enum Last {
    case feedForward(FeedForward)
    case experts(MixtureOfExperts)
  }

  init(
    _ weights: Weights, _ width: Int, heads: Int, epsilon: Float, experts: Int
  ) throws(WeightsError) {
    selfNorm = try LayerNorm(weights["self_norm"], width, epsilon: epsilon)
    selfAttention = try Attention(weights["self_attention"], width, heads: heads)
    crossNorm = try LayerNorm(weights["cross_norm"], width, epsilon: epsilon)
    crossAttention = try Attention(weights["cross_attention"], width, heads: heads)
    feedForwardNorm = try LayerNorm(weights["feed_forward_norm"], width, epsilon: epsilon)
    let last = weights["feed_forward"]
    feedForward =
      experts > 0
      ? .experts(try MixtureOfExperts(last, width, experts: experts))
      : .feedForward(try FeedForward(last, width, 2 * width, width))
  }

  /// A word of each sentence, [sentences, D] → [sentences, D].
  func callAsFunction(
    _ x: Tensor, _ sentences: inout [SentenceState], layer index: Int, at place: Int
  ) -> Tensor {
    var x = x
    let y = selfNorm(x)
    let known = selfAttention.keysAndValues(y)
    for row in sentences.indices {
      sentences[row].words[index].replaceRows(from: place, with: known.rows(row..<row + 1))
    }
    x.add(selfAttention(y, eachKnowing: sentences.map { $0.words[index] }, count: place + 1))
    x.add(crossAttention(crossNorm(x), eachKnowing: sentences.map { $0.memory[index] }))
    let z = feedForwardNorm(x)
    switch feedForward {
    case .feedForward(let layer): x.add(layer(z))
    case .experts(let layer): x.add(layer(z, .joinedRows(sentences.compactMap(\.prompts))))
    }
    return x
  }
}
