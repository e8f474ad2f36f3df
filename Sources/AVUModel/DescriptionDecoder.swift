import TensorCore
import TensorNN

/// A small Transformer decoder: memory tokens → one sentence.
///
/// The embedding is tied to the output; keys and values of earlier words are kept.
struct DescriptionDecoder: Sendable {
  private let sizes: ModelSizes
  private let embedding: Tensor
  private let position: Tensor
  private let memoryTypes: Tensor
  private let memoryNorm: LayerNorm
  private let layers: [DescriptionLayer]
  private let norm: LayerNorm

  init(_ weights: Weights, _ configuration: ModelConfiguration) throws(WeightsError) {
    sizes = configuration.sizes
    let (width, epsilon) = (sizes.width, configuration.layerEpsilon)
    embedding = try weights["embedding"].tensor("weight", [sizes.vocabulary, width])
    position = try weights.tensor("position", [sizes.maxTokens, width])
    memoryTypes = try weights.tensor("memory_types", [3, width])
    memoryNorm = try LayerNorm(weights["memory_norm"], width, epsilon: epsilon)
    var layers: [DescriptionLayer] = []
    for index in 0..<sizes.descriptionLayers {
      layers.append(
        try DescriptionLayer(
          weights["layers"][index], width, heads: sizes.heads, epsilon: epsilon))
    }
    self.layers = layers
    norm = try LayerNorm(weights["norm"], width, epsilon: epsilon)
  }

  /// Both streams and the regions, if there are any → [tokens, D].
  func memory(_ streams: Streams, regions: Tensor?) -> Tensor {
    var parts = [streams.visual + memoryTypes.rows(0..<1), streams.audio + memoryTypes.rows(1..<2)]
    if let regions { parts.append(regions + memoryTypes.rows(2..<3)) }
    return memoryNorm(.joinedRows(parts))
  }

  /// Logits of the word after each of the given ones: [count, vocabulary].
  func logits(_ memory: Tensor, after tokens: [Int]) -> Tensor {
    var state = DescriptionState(layers: layers, memory: memory, maxTokens: sizes.maxTokens)
    return .joinedRows(tokens.map { next(after: $0, &state) })
  }

  /// The likeliest words, one after the other, up to and without `<eos>`.
  ///
  /// Sentences are whole: `<eos>` (like `<pad>` and `<bos>`) is possible only after a full stop,
  /// so never first.
  func generate(_ memory: Tensor, fullStop: Int) -> [Int] {
    var state = DescriptionState(layers: layers, memory: memory, maxTokens: sizes.maxTokens)
    var tokens = [Vocabulary.beginning]
    for _ in 1..<sizes.maxTokens {
      let last = tokens[tokens.count - 1]
      let logits = next(after: last, &state).values
      let first = last == fullStop ? 0 : Vocabulary.end + 1
      let token = (first..<logits.count).reduce(first) { logits[$1] > logits[$0] ? $1 : $0 }
      if token == Vocabulary.end { break }
      tokens.append(token)
    }
    return tokens.dropFirst().filter { $0 != Vocabulary.padding }
  }

  /// One more word → logits of what follows, [1, vocabulary].
  private func next(after token: Int, _ state: inout DescriptionState) -> Tensor {
    var x = embedding.rows(token..<token + 1).map { $0 * sizes.embeddingScale }
    x.add(position.rows(state.count..<state.count + 1))
    for (index, layer) in layers.enumerated() {
      x = layer(x, &state.layers[index], at: state.count)
    }
    state.count += 1
    return norm(x).product(embedding, transposed: true)
  }
}

/// What is known while a sentence grows.
private struct DescriptionState {
  struct Layer {
    /// Keys and values of the words so far: [max tokens, 2·D], filled from the top.
    var words: Tensor

    /// Keys and values of the memory: [tokens, 2·D].
    let memory: Tensor
  }

  /// How many words went in.
  var count = 0
  var layers: [Layer]

  init(layers: [DescriptionLayer], memory: Tensor, maxTokens: Int) {
    self.layers = layers.map {
      Layer(
        words: Tensor(zeros: [maxTokens, 2 * memory.width]),
        memory: $0.crossAttention.keysAndValues(memory))
    }
  }
}

/// Pre-norm: self-attention to earlier words, cross-attention to the memory, feed-forward.
private struct DescriptionLayer: Sendable {
  let selfNorm: LayerNorm
  let selfAttention: Attention
  let crossNorm: LayerNorm
  let crossAttention: Attention
  let feedForwardNorm: LayerNorm
  let feedForward: FeedForward

  init(_ weights: Weights, _ width: Int, heads: Int, epsilon: Float) throws(WeightsError) {
    selfNorm = try LayerNorm(weights["self_norm"], width, epsilon: epsilon)
    selfAttention = try Attention(weights["self_attention"], width, heads: heads)
    crossNorm = try LayerNorm(weights["cross_norm"], width, epsilon: epsilon)
    crossAttention = try Attention(weights["cross_attention"], width, heads: heads)
    feedForwardNorm = try LayerNorm(weights["feed_forward_norm"], width, epsilon: epsilon)
    feedForward = try FeedForward(weights["feed_forward"], width, 2 * width, width)
  }

  /// The word at a place, [1, D] → [1, D].
  func callAsFunction(_ word: Tensor, _ state: inout DescriptionState.Layer, at place: Int)
    -> Tensor
  {
    var x = word
    let y = selfNorm(x)
    state.words.replaceRows(from: place, with: selfAttention.keysAndValues(y))
    x.add(selfAttention(y, known: state.words, count: place + 1))
    x.add(crossAttention(crossNorm(x), known: state.memory))
    x.add(feedForward(feedForwardNorm(x)))
    return x
  }
}
