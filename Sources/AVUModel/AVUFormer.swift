import Foundation
import TensorCore
import TensorNN

/// AVUFormer: what sounds in a picture, where it is, and a sentence about it.
///
/// Frames are independent of each other: each has one picture and three patches of sound. The
/// result for a frame is the same to the last bit whatever the number of threads and whichever
/// frames it is given with.
public final class AVUFormer: Sendable {
  /// What the model is.
  public let configuration: ModelConfiguration

  /// How many numbers were learned.
  public let parameterCount: Int

  let threads: Int
  let vocabulary: Vocabulary
  let spectrogram = LogMelSpectrogram()
  let visualEncoder: VisualEncoder
  let audioEncoder: AudioEncoder
  let visualProjection: VisualProjection
  let audioProjection: AudioProjection
  let queryTokenGenerator: QueryTokenGenerator
  let multiModalityIntegration: [MultiModalityIntegration]
  let maskDecoder: MaskDecoder
  let categoryHead: FeedForward
  let presenceHead: FeedForward
  let maskCollaboration: MaskCollaborationModule?
  let descriptionDecoder: DescriptionDecoder

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - directory: The folder with `config.json`, `model.safetensors` and `vocabulary.txt`.
  ///   - threads: Frames that are computed at the same time; at least 1.
  /// - Throws: ``ModelError``.
  public init(directory: String, threads: Int = 1) throws(ModelError) {
    precondition(threads >= 1, "\(threads) threads")
    self.threads = threads
    let configuration = try ModelConfiguration(path: directory + "/config.json")
    self.configuration = configuration
    vocabulary = try Vocabulary(
      path: directory + "/vocabulary.txt", count: configuration.sizes.vocabulary)
    do {
      try BLAS.prepare()
    } catch {
      throw .compute(error)
    }
    do {
      let file = try SafetensorsFile(path: directory + "/model.safetensors")
      parameterCount = Self.parameterCount(of: file)
      let weights = Weights(file)
      let sizes = configuration.sizes
      visualEncoder = try VisualEncoder(
        weights["visual_encoder"], epsilon: configuration.batchEpsilon)
      audioEncoder = try AudioEncoder(
        weights["audio_encoder"], categories: configuration.categories.count)
      visualProjection = try VisualProjection(weights["visual_projection"], configuration)
      audioProjection = try AudioProjection(weights["audio_projection"], configuration)
      queryTokenGenerator = try QueryTokenGenerator(weights["query_token_generator"], sizes)
      multiModalityIntegration = try Self.integration(weights, configuration)
      maskDecoder = try MaskDecoder(weights["mask_decoder"], configuration)
      categoryHead = try FeedForward(
        weights["category_head"], 3 * sizes.width, sizes.width, configuration.categories.count)
      presenceHead = try FeedForward(weights["presence_head"], 3 * sizes.width, sizes.width, 1)
      maskCollaboration =
        configuration.masksReachSentences
        ? try MaskCollaborationModule(weights["mask_collaboration"], configuration) : nil
      descriptionDecoder = try DescriptionDecoder(weights["description_decoder"], configuration)
      try weights.checkAllUsed()
    } catch {
      throw .weights(error)
    }
  }

  private static func integration(
    _ weights: Weights, _ configuration: ModelConfiguration
  ) throws(WeightsError) -> [MultiModalityIntegration] {
    var layers: [MultiModalityIntegration] = []
    for index in 0..<configuration.sizes.integrationLayers {
      layers.append(
        try MultiModalityIntegration(weights["multi_modality_integration"][index], configuration))
    }
    return layers
  }

  /// All values but the statistics of batch normalisation.
  private static func parameterCount(of file: SafetensorsFile) -> Int {
    file.names.filter { !$0.contains(".running_") }
      .reduce(0) { $0 + (file.shape(of: $1) ?? []).reduce(1, *) }
  }
}
