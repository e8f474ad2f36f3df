import TensorCore
import TensorNN

/// Everything that one pass over a frame gives, block by block.
struct FramePass: Sendable {
  /// [1, H, W, 3].
  let picture: Tensor
  let sound: SoundPatches

  /// Maps at a 4th, 8th, 16th and 32nd of the picture's size.
  let pyramid: [Tensor]

  /// [patches, 1024] and [patches, features].
  let audioEmbedding: Tensor
  let audioFeatures: Tensor

  /// [visual tokens, D], [patches, D], [queries, D].
  let visualTokens: Tensor
  let audioTokens: Tensor
  let queries: Tensor

  /// Both streams after each layer.
  let integrated: [Streams]

  /// [1, H/4, W/4, P].
  let pixels: Tensor

  /// Logits: [queries, pixels], and their union.
  let queryMasks: Tensor
  let union: [Float]

  /// Logits: one for each category, and one.
  let categories: Tensor
  let presence: Tensor

  /// [queries, D], if the model has the module.
  let regions: Tensor?

  /// [tokens, D], for the sentences.
  let memory: Tensor
}

extension AVUFormer {
  /// One pass over a frame, up to the memory of the sentences.
  func forward(_ frame: FrameInput) -> FramePass {
    let picture = normalised(frame.picture)
    let sound = SoundPatches(of: frame.sound, second: frame.second, spectrogram: spectrogram)
    let pyramid = visualEncoder(picture)
    let embedding = audioEncoder.embedding(sound.logMel)
    let features = audioEncoder.features(embedding: embedding, levels: sound.levels)
    let visual = visualProjection(pyramid)
    let audio = audioProjection(features)
    let queries = queryTokenGenerator(audio)
    let integrated = integrate(Streams(visual: visual, audio: .joinedRows([audio, queries])))
    let streams = integrated[integrated.count - 1]
    let pixels = maskDecoder.pixels(pyramid, streams.visual)
    let masks = maskDecoder.masks(pixels, streams.audio.rows(audio.rows..<streams.audio.rows))
    let pooled = Tensor.joinedColumns([
      streams.audio.meanOfRows(), streams.visual.meanOfRows(), streams.visual.maximumOfRows(),
    ])
    let regions = maskCollaboration.map { $0(masks, pyramid, pixels) }
    return FramePass(
      picture: picture, sound: sound, pyramid: pyramid, audioEmbedding: embedding,
      audioFeatures: features, visualTokens: visual, audioTokens: audio, queries: queries,
      integrated: integrated, pixels: pixels, queryMasks: masks, union: MaskDecoder.union(masks),
      categories: categoryHead(pooled), presence: presenceHead(pooled), regions: regions,
      memory: descriptionDecoder.memory(streams, regions: regions))
  }

  /// The streams after each layer.
  private func integrate(_ streams: Streams) -> [Streams] {
    var states: [Streams] = []
    for layer in multiModalityIntegration { states.append(layer(states.last ?? streams)) }
    return states
  }

  /// Pixel values → (value - mean) / scale, [1, H, W, 3].
  private func normalised(_ picture: [UInt8]) -> Tensor {
    let shape = [1, configuration.imageHeight, configuration.imageWidth, 3]
    precondition(
      picture.count == shape.reduce(1, *), "a picture of \(picture.count) bytes for \(shape)")
    let (mean, scale) = (configuration.pixelMean, configuration.pixelScale)
    return Tensor(shape: shape, values: picture.map { (Float($0) - mean) / scale })
  }
}
