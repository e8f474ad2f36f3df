import TensorCore
import TensorNN

/// The blocks of AVUFormer; their names are the paths of their weights.
struct ModelBlocks: Sendable {
  let visualEncoder: VisualEncoder
  let audioEncoder: AudioEncoder
  let visualProjection: VisualProjection
  let audioProjection: AudioProjection
  let queryTokenGenerator: QueryTokenGenerator
  let multiModalityIntegration: [MultiModalityIntegration]
  let maskDecoder: MaskDecoder?
  let categoryHead: FeedForward
  let presenceHead: FeedForward
  let maskCollaboration: MaskCollaborationModule?
  let descriptionDecoder: DescriptionDecoder?

  /// Reads all blocks; no tensor of the file may be left over.
  init(_ weights: Weights, _ configuration: ModelConfiguration) throws(WeightsError) {
    let width = configuration.sizes.width
    let categories = configuration.categories.count
    visualEncoder = try VisualEncoder(
      weights["visual_encoder"], epsilon: configuration.batchEpsilon)
    audioEncoder = try AudioEncoder(weights["audio_encoder"], categories: categories)
    visualProjection = try VisualProjection(weights["visual_projection"], configuration)
    audioProjection = try AudioProjection(weights["audio_projection"], configuration)
    queryTokenGenerator = try QueryTokenGenerator(
      weights["query_token_generator"], configuration.sizes)
    var layers: [MultiModalityIntegration] = []
    let layerCount = configuration.kind.streamsMeet ? configuration.sizes.integrationLayers : 0
    for index in 0..<layerCount {
      layers.append(
        try MultiModalityIntegration(weights["multi_modality_integration"][index], configuration))
    }
    multiModalityIntegration = layers
    maskDecoder =
      configuration.hasMasks ? try MaskDecoder(weights["mask_decoder"], configuration) : nil
    categoryHead = try FeedForward(weights["category_head"], 3 * width, width, categories)
    presenceHead = try FeedForward(weights["presence_head"], 3 * width, width, 1)
    maskCollaboration =
      configuration.masksReachSentences
      ? try MaskCollaborationModule(weights["mask_collaboration"], configuration) : nil
    descriptionDecoder =
      configuration.hasSentences
      ? try DescriptionDecoder(weights["description_decoder"], configuration) : nil
    try weights.checkAllUsed()
  }

  /// One pass over frames, up to the memory of the sentences.
  ///
  /// - Parameters:
  ///   - pictures: [1, H, W, 3] each, normalised; each is asked for once.
  ///   - sounds: What is heard around them.
  /// - Returns: What each block gives, for each frame.
  func callAsFunction(
    pictures: some Collection<Tensor>, sounds: [SoundPatches]
  ) -> [FramePass] {
    let pyramids = visualEncoder(pictures)
    let embedding = audioEncoder.embedding(sounds.map(\.logMel))
    let features = audioEncoder.features(embedding: embedding, levels: sounds.flatMap(\.levels))
    let visual = visualProjection(pyramids)
    let audio = audioProjection(features)
    let queries = queryTokenGenerator(audio)
    let integrated = integrate(Streams(visual: visual, audio: Self.joined(audio, queries)))
    return sounds.indices.map { frame in
      let states = integrated.map { $0.frame(frame) }
      let patches = frame * audio.shape[1]..<(frame + 1) * audio.shape[1]
      return pass(
        FrameFeatures(
          pyramid: pyramids[frame], audioEmbedding: embedding.rows(patches),
          audioFeatures: features.rows(patches), visualTokens: visual.part(frame),
          audioTokens: audio.part(frame), queries: queries.part(frame),
          integrated: Array(states.dropFirst())),
        streams: states[states.count - 1])
    }
  }

  /// What follows the streams of one frame.
  private func pass(_ features: FrameFeatures, streams: Streams) -> FramePass {
    let asked = streams.audio.rows(features.audioTokens.rows..<streams.audio.rows)
    let masks = maskDecoder.map { $0(features.pyramid, streams.visual, queries: asked) }
    let regions = masks.flatMap { masks in
      maskCollaboration.map { $0(masks.queries, features.pyramid, masks.pixels) }
    }
    let pooled = pooled(streams)
    let categories = categoryHead(pooled)
    return FramePass(
      features: features, masks: masks, categories: categories, presence: presenceHead(pooled),
      regions: regions,
      topic: descriptionDecoder.map {
        $0.topic(streams, regions: regions, categories: categories)
      })
  }

  /// Tokens of two kinds: [frames, n, D] and [frames, m, D] → [frames, n + m, D].
  private static func joined(_ first: Tensor, _ second: Tensor) -> Tensor {
    let (frames, width) = (first.shape[0], first.width)
    let flat = [first, second].map { $0.reshaped([frames, $0.values.count / frames]) }
    return Tensor.joinedColumns(flat)
      .reshaped([frames, first.shape[1] + second.shape[1], width])
  }

  /// The streams before the first layer and after each.
  private func integrate(_ streams: Streams) -> [Streams] {
    var states = [streams]
    for layer in multiModalityIntegration { states.append(layer(states[states.count - 1])) }
    return states
  }

  /// Mean of the audio stream, mean and maximum of the visual one: [1, 3·D].
  private func pooled(_ streams: Streams) -> Tensor {
    .joinedColumns([
      streams.audio.meanOfRows(), streams.visual.meanOfRows(), streams.visual.maximumOfRows(),
    ])
  }
}
