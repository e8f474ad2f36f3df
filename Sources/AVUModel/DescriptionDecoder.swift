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

  /// The embedding as the last layer.
  private let scores: LinearWeights

  init(_ weights: Weights, _ configuration: ModelConfiguration) throws(WeightsError) {
    sizes = configuration.sizes
    let (width, epsilon) = (sizes.width, configuration.layerEpsilon)
    embedding = try weights["embedding"].tensor("weight", [sizes.vocabulary, width])
    scores = LinearWeights(
      weight: embedding.transposed(), bias: Tensor(zeros: [sizes.vocabulary]))
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
    var sentence = [begin(topic)]
    return .joinedRows(
      tokens.enumerated().map { place, token in next(after: [token], &sentence, at: place) })
  }

  /// The words that ``BeamSearch`` chooses for each topic, without `<eos>`.
  func generate(_ topics: [Topic], fullStop: Int, _ settings: DecodingSettings) -> [[Int]] {
    var searches = topics.map { _ in BeamSearch(settings, fullStop: fullStop) }
    // Of every hypothesis that goes on, topic after topic.
    var states = topics.map(begin)
    for place in 0..<(settings.maxWords ?? sizes.maxTokens - 1) where !states.isEmpty {
      let logits = next(after: searches.flatMap(\.lastWords), &states, at: place)
      var kept: [SentenceState] = []
      var row = 0
      for index in searches.indices {
        let count = searches[index].lastWords.count
        let parents = searches[index].advance((row..<row + count).map(logits.row))
        kept += parents.map { states[row + $0] }
        row += count
      }
      states = kept
    }
    return searches.map(\.best)
  }

  /// A sentence without words.
  private func begin(_ topic: Topic) -> SentenceState {
    SentenceState(
      words: layers.map { _ in Tensor(zeros: [sizes.maxTokens, 2 * sizes.width]) },
      memory: layers.map { $0.crossAttention.keysAndValues(topic.memory) }, prompts: topic.prompts)
  }

  /// One more word of each sentence → logits of what follows, [sentences, vocabulary].
  private func next(
    after tokens: [Int], _ sentences: inout [SentenceState], at place: Int
  ) -> Tensor {
    var x = embedding.rows(at: tokens).map { $0 * sizes.embeddingScale }
    x.add(position.rows(place..<place + 1))
    for (index, layer) in layers.enumerated() { x = layer(x, &sentences, layer: index, at: place) }
    return norm(x).linear(scores)
  }
}

/// What is known of a sentence while it grows, for each layer.
struct SentenceState: Sendable {
  /// Keys and values of the words so far: [max tokens, 2·D], filled from the top.
  var words: [Tensor]

  /// Keys and values of the memory: [tokens, 2·D].
  let memory: [Tensor]

  /// [1, 3·D], for the experts, if there are any.
  let prompts: Tensor?
}
