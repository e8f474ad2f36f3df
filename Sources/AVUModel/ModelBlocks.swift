import TensorCore
import TensorNN

/// The blocks of AVUFormer; their names are the paths of their weights.
struct ModelBlocks: Sendable {
  let visualEncoder: any PictureEncoder
  let audioEncoder: any SoundEncoder
  let visualProjection: VisualProjection
  let audioProjection: AudioProjection
  let queryTokenGenerator: QueryTokenGenerator
  let multiModalityIntegration: [MultiModalityIntegration]
  let maskDecoder: MaskDecoder?
  let categoryHead: FeedForward
  let presenceHead: FeedForward
  let regionEncoder: RegionEncoder?
  let maskCollaboration: MaskCollaborationModule?
  let descriptionDecoder: DescriptionDecoder?

  /// Reads all blocks; no tensor of the file may be left over.
  init(_ weights: Weights, _ configuration: ModelConfiguration) throws(WeightsError) {
    let width = configuration.sizes.width
    let categories = configuration.categories.count
    visualEncoder = try Self.pictureEncoder(weights["visual_encoder"], configuration)
    audioEncoder = try Self.soundEncoder(weights["audio_encoder"], configuration)
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
    regionEncoder =
      configuration.masksReachSentences
      ? try configuration.encoders.region.map { sizes throws(WeightsError) in
        try RegionEncoder(weights["region_encoder"], sizes, configuration)
      } : nil
    maskCollaboration =
      configuration.masksReachSentences
      ? try MaskCollaborationModule(weights["mask_collaboration"], configuration) : nil
    descriptionDecoder =
      configuration.hasSentences
      ? try DescriptionDecoder(weights["description_decoder"], configuration) : nil
    try weights.checkAllUsed()
  }

  private static func pictureEncoder(
    _ weights: Weights, _ configuration: ModelConfiguration
  ) throws(WeightsError) -> any PictureEncoder {
    guard let sizes = configuration.encoders.visual else {
      return try VisualEncoder(weights, epsilon: configuration.batchEpsilon)
    }
    return try PyramidVisionTransformer(weights, sizes)
  }

  private static func soundEncoder(
    _ weights: Weights, _ configuration: ModelConfiguration
  ) throws(WeightsError) -> any SoundEncoder {
    guard let sizes = configuration.encoders.audio else {
      return try AudioEncoder(weights, categories: configuration.categories.count)
    }
    return try VGGish(weights, sizes)
  }

  /// One pass over frames, up to what decides whether something is said.
  ///
  /// - Parameters:
  ///   - pictures: Different pictures, [1, H, W, 3] each, normalised; each is asked for once.
  ///   - shown: Which of them each frame shows.
  ///   - sounds: What is heard around the frames.
  /// - Returns: What each block gives, for each frame.
  func callAsFunction(
    pictures: some Collection<Tensor>, shown: [Int], sounds: [SoundPatches]
  ) -> [FramePass] {
    let pyramids = visualEncoder(pictures).repeated(shown)
    let embedding = embedding(of: sounds)
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

  /// What the sound encoder makes of all patches: [patches of all frames, embedding].
  private func embedding(of sounds: [SoundPatches]) -> Tensor {
    let heard = DistinctInputs(
      sounds.flatMap { sound in sound.levels.indices.map { sound.logMel.part($0) } })
    let together = SoundPatches.offsets.count
    let parts = stride(from: 0, to: heard.inputs.count, by: together).map {
      Tensor.batch(Array(heard.inputs[$0..<min($0 + together, heard.inputs.count)]))
    }
    return audioEncoder.embedding(parts).rows(at: heard.places)
  }

  /// What follows the streams of one frame.
  private func pass(_ features: FrameFeatures, streams: Streams) -> FramePass {
    let asked = streams.audio.rows(features.audioTokens.rows..<streams.audio.rows)
    let pooled = pooled(streams)
    return FramePass(
      features: features, streams: streams,
      masks: maskDecoder.map { $0(features.pyramid, streams.visual, queries: asked) },
      categories: categoryHead(pooled), presence: presenceHead(pooled))
  }

  /// What a frame's sentence is made from; only frames in which something sounds need it.
  ///
  /// - Parameters:
  ///   - pass: What is known of the frame.
  ///   - picture: The normalised picture [1, H, W, 3]; asked for when there is a region encoder.
  /// - Returns: Nothing from a model without sentences.
  func subject(of pass: FramePass, picture: () -> Tensor) -> FrameSubject? {
    guard let descriptionDecoder else { return nil }
    var (encoded, regions): (Tensor?, Tensor?)
    if let maskDecoder, let masks = pass.masks {
      encoded = regionEncoder.map { $0(picture(), masks: masks.queries) }
      regions = maskCollaboration.map {
        $0(
          masks, pass.features.pyramid, encoded: encoded,
          pixelFeatures: maskDecoder.pixelFeatures)
      }
    }
    return FrameSubject(
      encodedRegions: encoded, regions: regions,
      topic: descriptionDecoder.topic(
        pass.streams, regions: regions, categories: pass.categories))
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
    for (index, layer) in multiModalityIntegration.enumerated() {
      let isLast = index == multiModalityIntegration.count - 1
      states.append(layer(states[index], isLast: isLast))
    }
    return states
  }

  /// Mean of the audio stream, mean and maximum of the visual one: [1, 3·D].
  private func pooled(_ streams: Streams) -> Tensor {
    .joinedColumns([
      streams.audio.meanOfRows(), streams.visual.meanOfRows(), streams.visual.maximumOfRows(),
    ])
  }
}
