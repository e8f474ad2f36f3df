import TensorCore
import TensorNN

/// A small Transformer decoder: memory tokens → one sentence.
///
/// The embedding is tied to the output; keys and values of earlier words are kept.
struct DescriptionDecoder: Sendable {
  /// What one frame's sentence is made from.
  struct Topic: Sendable {
    /// [tokens, D].
    let memory: Tensor

    /// [1, 3·D], for the experts, if there are any.
    let prompts: Tensor?
  }

  private let sizes: ModelSizes
  private let embedding: Tensor
  private let position: Tensor
  private let memoryTypes: Tensor
  private let memoryNorm: LayerNorm
  private let layers: [DescriptionLayer]
  private let norm: LayerNorm
  private let prompts: HierarchicalPrompts?

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
          weights["layers"][index], width, heads: sizes.heads, epsilon: epsilon,
          experts: configuration.experts))
    }
    self.layers = layers
    norm = try LayerNorm(weights["norm"], width, epsilon: epsilon)
    prompts =
      configuration.experts > 0
      ? try HierarchicalPrompts(weights["prompts"], configuration) : nil
  }

  /// Both streams, the regions, if there are any, and the logits of categories.
  func topic(_ streams: Streams, regions: Tensor?, categories: Tensor) -> Topic {
    var parts = [streams.visual + memoryTypes.rows(0..<1), streams.audio + memoryTypes.rows(1..<2)]
    if let regions { parts.append(regions + memoryTypes.rows(2..<3)) }
    return Topic(memory: memoryNorm(.joinedRows(parts)), prompts: prompts.map { $0(categories) })
  }

  /// Logits of the word after each of the given ones: [count, vocabulary].
  func logits(_ topic: Topic, after tokens: [Int]) -> Tensor {
    var state = DescriptionState(layers: layers, topic: topic, maxTokens: sizes.maxTokens)
    return .joinedRows(tokens.map { next(after: $0, &state) })
  }

  /// The likeliest words, one after the other, up to and without `<eos>`.
  ///
  /// Sentences are whole: `<eos>` (like `<pad>` and `<bos>`) is possible only after a full stop,
  /// so never first.
  func generate(_ topic: Topic, fullStop: Int) -> [Int] {
    var state = DescriptionState(layers: layers, topic: topic, maxTokens: sizes.maxTokens)
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
      x = layer(x, &state.layers[index], at: state.count, prompts: state.prompts)
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
  let prompts: Tensor?

  init(layers: [DescriptionLayer], topic: DescriptionDecoder.Topic, maxTokens: Int) {
    let memory = topic.memory
    prompts = topic.prompts
    self.layers = layers.map {
      Layer(
        words: Tensor(zeros: [maxTokens, 2 * memory.width]),
        memory: $0.crossAttention.keysAndValues(memory))
    }
  }
}

/// Pre-norm: self-attention to earlier words, cross-attention to the memory, feed-forward or
/// experts.
private struct DescriptionLayer: Sendable {
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

  /// The word at a place, [1, D] → [1, D].
  func callAsFunction(
    _ word: Tensor, _ state: inout DescriptionState.Layer, at place: Int, prompts: Tensor?
  ) -> Tensor {
    var x = word
    let y = selfNorm(x)
    state.words.replaceRows(from: place, with: selfAttention.keysAndValues(y))
    x.add(selfAttention(y, known: state.words, count: place + 1))
    x.add(crossAttention(crossNorm(x), known: state.memory))
    let z = feedForwardNorm(x)
    switch feedForward {
    case .feedForward(let layer): x.add(layer(z))
    case .experts(let layer):
      guard let prompts else { preconditionFailure("experts without prompts") }
      x.add(layer(z, prompts))
    }
    return x
  }
}
