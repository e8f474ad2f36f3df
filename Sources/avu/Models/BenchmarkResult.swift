import Experiments
import Foundation

/// What a benchmark found.
struct BenchmarkResult: Encodable {
  /// The times of some runs, in seconds.
  struct Times: Encodable {
    let median: Double
    let min: Double
    let max: Double
    let n: Int

    /// Sums up times; there is at least one.
    init(_ times: [Double]) {
      let sorted = times.sorted()
      median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
      min = sorted[0]
      max = sorted[sorted.count - 1]
      n = sorted.count
    }
  }

  let model: String
  let threads: Int
  let frames: Int
  let sentences: Int

  /// Numbers that were learned.
  let parameters: Int

  /// Floating-point operations of the model for the clip; absent when the clip is decoded, too.
  let flops: Int?

  /// Where it was measured.
  let machine = Measurement.here().machine

  /// Times by part: `model`, and with a video `decode` and `total`.
  private(set) var seconds: [String: Times] = [:]

  /// The model's median time for the clip, in seconds, and frames in each.
  private(set) var secondsPerSample = 0.0
  private(set) var fps = 0.0

  /// The most memory that the process has had.
  private(set) var peakMemoryBytes = 0

  /// What rounded products change, where they were asked for.
  var rounding: RoundingCost?

  private enum CodingKeys: String, CodingKey {
    case model, threads, frames, sentences, parameters, flops, machine, seconds, fps, rounding
    case secondsPerSample = "seconds_per_sample"
    case peakMemoryBytes = "peak_memory_bytes"
  }

  init(model: String, threads: Int, firstRun: BenchmarkClip.Run, parameters: Int) {
    self.model = model
    self.threads = threads
    self.parameters = parameters
    frames = firstRun.frames
    sentences = firstRun.sentences
    flops = firstRun.operations
  }

  /// Takes the times of all runs in.
  mutating func finish(_ times: [String: [Double]]) {
    seconds = times.mapValues(Times.init)
    secondsPerSample = seconds["model"]?.median ?? 0
    fps = Double(frames) / secondsPerSample
  }

  /// Takes in what memory the process has needed so far.
  mutating func notePeakMemory() {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    peakMemoryBytes = usage.ru_maxrss * 1024
  }

  /// Parameters, operations and memory in a line.
  var sizeText: String {
    var parts = [String(format: "%.2f million parameters", Double(parameters) / 1e6)]
    if let flops { parts.append(String(format: "%.2f GFLOP a clip", Double(flops) / 1e9)) }
    parts.append(String(format: "%.1f frames a second", fps))
    parts.append("at most \(peakMemoryBytes / 1_000_000) MB of memory")
    return parts.joined(separator: ", ")
  }
}

/// What rounding the factors of products changes, and what it wins.
struct RoundingCost: Encodable {
  /// The part of all pixels of masks that are the same.
  let equalPixels: Double

  /// Moments with the same sentences, or none in both.
  let equalSentences: Int

  /// How many times faster the model is.
  let speedup: Double

  private enum CodingKeys: String, CodingKey {
    case speedup
    case equalPixels = "equal_pixels"
    case equalSentences = "equal_sentences"
  }

  /// Compares the answers about the same moments.
  init(of found: [BenchmarkClip.Answer], from exact: [BenchmarkClip.Answer], speedup: Double) {
    let pairs = zip(found, exact)
    let pixels = found.reduce(0) { $0 + $1.mask.count }
    let same = pairs.reduce(0) { $0 + zip($1.0.mask, $1.1.mask).count { $0 == $1 } }
    equalPixels = pixels == 0 ? 1 : Double(same) / Double(pixels)
    equalSentences = pairs.count { $0.sentence == $1.sentence }
    self.speedup = speedup
  }

  var text: String {
    String(
      format:
        "Rounded products: %.2f × as fast, %.3f %% of the masks' pixels and %d moments' sentences "
        + "are those of single precision", speedup, 100 * equalPixels, equalSentences)
  }
}
