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

  /// What was asked for in place of what the configuration says.
  public let options: ModelOptions

  /// How sentences are chosen.
  public let decoding: DecodingSettings

  let threads: Int
  let vocabulary: Vocabulary
  let spectrogram: LogMelSpectrogram
  let blocks: ModelBlocks

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - directory: The folder with `config.json`, `model.safetensors` and `vocabulary.txt`.
  ///   - threads: Groups of frames that are computed at the same time; at least 1.
  ///   - options: What is asked for in place of what `config.json` says.
  /// - Throws: ``ModelError``.
  public init(
    directory: String, threads: Int = 1, options: ModelOptions = ModelOptions()
  ) throws(ModelError) {
    precondition(threads >= 1, "\(threads) threads")
    self.threads = threads
    let configuration = try ModelConfiguration(path: directory + "/config.json")
    self.configuration = configuration
    self.options = try options.changing(configuration)
    decoding = options.decoding(of: configuration)
    spectrogram = LogMelSpectrogram(
      offset: configuration.encoders.audio == nil
        ? LogMelSpectrogram.yamnetOffset : LogMelSpectrogram.vggishOffset)
    vocabulary = try Vocabulary(
      path: directory + "/vocabulary.txt", count: configuration.sizes.vocabulary)
    do {
      try BLAS.prepare(for: self.options.precision ?? .single)
    } catch {
      throw .compute(error)
    }
    do {
      let file = try SafetensorsFile(path: directory + "/model.safetensors")
      parameterCount = Self.parameterCount(of: file)
      blocks = try ModelBlocks(
        Weights(file, precision: self.options.precision ?? .single), configuration)
    } catch {
      throw .weights(error)
    }
  }

  /// All values but the statistics of batch normalisation.
  private static func parameterCount(of file: SafetensorsFile) -> Int {
    file.names.filter { !$0.contains(".running_") }
      .reduce(0) { $0 + (file.shape(of: $1) ?? []).reduce(1, *) }
  }
}
