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

  /// One pass over a frame, up to the memory of the sentences.
  ///
  /// - Parameters:
  ///   - picture: [1, H, W, 3], normalised.
  ///   - sound: What is heard around it.
  /// - Returns: What each block gives.
  func callAsFunction(picture: Tensor, sound: SoundPatches) -> FramePass {
    let pyramid = visualEncoder(picture)
    let embedding = audioEncoder.embedding(sound.logMel)
    let features = audioEncoder.features(embedding: embedding, levels: sound.levels)
    let visual = visualProjection(pyramid)
    let audio = audioProjection(features)
    let queries = queryTokenGenerator(audio)
    let separate = Streams(visual: visual, audio: .joinedRows([audio, queries]))
    let integrated = integrate(separate)
    let streams = integrated.last ?? separate
    let asked = streams.audio.rows(audio.rows..<streams.audio.rows)
    let masks = maskDecoder.map { $0(pyramid, streams.visual, queries: asked) }
    let regions = masks.flatMap { masks in
      maskCollaboration.map { $0(masks.queries, pyramid, masks.pixels) }
    }
    let pooled = pooled(streams)
    let categories = categoryHead(pooled)
    return FramePass(
      picture: picture, sound: sound, pyramid: pyramid, audioEmbedding: embedding,
      audioFeatures: features, visualTokens: visual, audioTokens: audio, queries: queries,
      integrated: integrated, masks: masks, categories: categories,
      presence: presenceHead(pooled), regions: regions,
      topic: descriptionDecoder.map {
        $0.topic(streams, regions: regions, categories: categories)
      })
  }

  /// The streams after each layer.
  private func integrate(_ streams: Streams) -> [Streams] {
    var states: [Streams] = []
    for layer in multiModalityIntegration { states.append(layer(states.last ?? streams)) }
    return states
  }

  /// Mean of the audio stream, mean and maximum of the visual one: [1, 3·D].
  private func pooled(_ streams: Streams) -> Tensor {
    .joinedColumns([
      streams.audio.meanOfRows(), streams.visual.meanOfRows(), streams.visual.maximumOfRows(),
    ])
  }
}
