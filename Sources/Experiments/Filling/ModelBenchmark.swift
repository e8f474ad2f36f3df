import Foundation

/// What `avu model benchmark --json` says of a model, as far as the table of efficiency shows it.
///
/// Unknown keys are ignored. The time of a sample is `seconds_per_sample`, or the median of
/// `seconds.model`; frames a second are `fps`, or `frames` over that time. All other keys may be absent.
public struct ModelBenchmark: Codable, Hashable, Sendable {
  /// Frames of the clip that was measured.
  public let frames: Int?

  /// Threads that worked.
  public let threads: Int?

  /// Numbers in the weights.
  public internal(set) var parameters: Int?

  /// Multiplications and additions for the clip.
  public let flops: Double?

  /// Where it was measured.
  public let machine: Machine?

  /// Seconds for the clip by part: `model`, and `total` where a file was decoded, too.
  public let seconds: [String: Times]?

  /// Seconds for the clip, the model alone.
  public let secondsPerSample: Double?

  /// Frames a second.
  public let fps: Double?

  /// The most memory that the process had, in bytes.
  public let peakMemoryBytes: Double?

  private enum CodingKeys: String, CodingKey {
    case frames, threads, parameters, flops, machine, seconds, fps
    case secondsPerSample = "seconds_per_sample"
    case peakMemoryBytes = "peak_memory_bytes"
  }

  /// The times of some runs, in seconds.
  public struct Times: Codable, Hashable, Sendable {
    /// Half of the runs were quicker.
    public let median: Double
  }

  /// A machine, in words or as `{"cpu", "cores"}`.
  public struct Machine: Codable, Hashable, Sendable {
    /// The machine in words.
    public let words: String

    private enum CodingKeys: String, CodingKey { case cpu, cores }

    /// Reads either form.
    public init(from decoder: any Decoder) throws {
      if let words = try? decoder.singleValueContainer().decode(String.self) {
        self.words = words
      } else {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let cores = try container.decode(Int.self, forKey: .cores)
        words = "\(try container.decode(String.self, forKey: .cpu)), \(cores) cores"
      }
    }

    /// Writes the words.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(words)
    }
  }

  /// Reads a benchmark.
  ///
  /// - Parameter file: The JSON file.
  /// - Throws: An error that names the file.
  public init(contentsOf file: String) throws(ExperimentError) {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw .missing(file: file, what: "the output of avu model benchmark --json")
    }
    do {
      self = try JSONDecoder().decode(ModelBenchmark.self, from: data)
      if time == nil {
        throw ExperimentError.unreadable(
          file: file, reason: "it has neither seconds_per_sample nor the times of the model")
      }
    } catch let error as ExperimentError {
      throw error
    } catch let error as DecodingError {
      throw .unreadable(file: file, reason: ExperimentError.reason(error))
    } catch {
      throw .unreadable(file: file, reason: "it is not JSON")
    }
  }

  /// The figures by column of the table of efficiency: the model alone, without decoding.
  var values: [String: ResultValue] {
    var values: [String: ResultValue] = [:]
    if let parameters { values["parameters"] = ResultValue(Double(parameters) / 1e6) }
    if let flops { values["flops"] = ResultValue(flops / 1e9) }
    if let time { values["seconds_per_sample"] = ResultValue(time) }
    if let rate = fps ?? time.flatMap({ time in frames.map { Double($0) / time } }) {
      values["frames_per_second"] = ResultValue(rate)
    }
    if let peakMemoryBytes { values["peak_memory"] = ResultValue(peakMemoryBytes / 1e6) }
    return values
  }

  private var time: Double? {
    (secondsPerSample ?? seconds?["model"]?.median).flatMap { $0 > 0 ? $0 : nil }
  }
}
