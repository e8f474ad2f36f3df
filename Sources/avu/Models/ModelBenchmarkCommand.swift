import AVUModel
import Annotations
import ArgumentParser
import Experiments
import Foundation
import Inference
import TensorCore
import Workers

extension ModelCommand {
  /// Measures how long a clip takes.
  struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "benchmark", abstract: "Measure how long the model takes for a clip.",
      discussion: """
        Without a video, the clip is ten frames with sound, made by formulas, and nothing is \
        decoded. With one, the whole analysis is measured: hashing and decoding the file, and the \
        model. A frame in which something sounds costs more, because a sentence is made for it: \
        the number of sentences is printed with the times. Parameters, floating-point operations of \
        the model (two for each multiplication with its addition, counted in products and \
        convolutions as they are computed) and the most memory that the process had are for the table of \
        efficiency. With --precision bf16, products in single precision take turns with the rounded \
        ones, and what rounding changes in masks and sentences stands beside what it wins.

        EXAMPLES:
          avu model benchmark avuformer-lite
          avu model benchmark avuformer-lite --video clip.mp4
          avu model benchmark avuformer-lite --threads 1 --runs 9 --json
          avu model benchmark avuformer-lite --video clip.mp4 --precision bf16
        """)

    @Argument(help: ArgumentHelp("The model.", valueName: "name"))
    var name: String

    @OptionGroup var choice: ModelChoice

    @Option(help: ArgumentHelp("A clip to analyse instead of the one made up.", valueName: "file"))
    var video: String?

    @Option(help: "Threads; all processors by default.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: "Measured runs; one more comes before them.")
    var runs = 5

    @Flag(help: "Print JSON instead of text.")
    var json = false

    func validate() throws {
      guard (1...1024).contains(threads) else {
        throw ValidationError("--threads must be between 1 and 1024.")
      }
      guard (1...1000).contains(runs) else {
        throw ValidationError("--runs must be between 1 and 1000.")
      }
    }

    func run() async throws {
      let settings = try Settings.load()
      let entry = try choice.entry(named: name, settings)
      let exact = try entry.options.precision.map { _ in
        var options = ModelOptions()
        options.precision = .single
        return try ModelLibrary(directory: settings.models).entry(
          named: entry.name, asking: options)
      }
      let result = try await withCheckedThrowingContinuation { continuation in
        // The model must not be waited for on Swift's own threads.
        DispatchQueue.global().async {
          continuation.resume(with: Swift.Result { try measure(entry, beside: exact) })
        }
      }
      if json { return try Console.print(json: result) }
      Console.print(
        "\(entry.name.printable): \(result.frames) frames, \(result.sentences) with a sentence; "
          + "\(threads) threads, \(runs) runs, \(result.machine)")
      Console.print(result.sizeText)
      if let text = result.rounding?.text { Console.print(text) }
      Console.print(
        table: ["seconds a clip", "median", "least", "most"],
        rows: result.seconds.sorted { $0.key < $1.key }.map { part, times in
          [part] + [times.median, times.min, times.max].map { String(format: "%.3f", $0) }
        })
    }

    private func measure(
      _ entry: ModelLibrary.Entry, beside exact: ModelLibrary.Entry?
    ) throws -> BenchmarkResult {
      let (parameters, analyze) = try BenchmarkClip.analysis(
        of: video, with: entry, threads: threads)
      let first = try analyze()
      var result = BenchmarkResult(
        model: entry.name, threads: threads, firstRun: first, parameters: parameters)
      result.notePeakMemory()
      let analyzeExactly = try exact.map {
        try BenchmarkClip.analysis(of: video, with: $0, threads: threads).run
      }
      let exactly = try analyzeExactly?()
      var exactTimes: [Double] = []
      var progress = ProgressLine("Measuring")
      defer { progress.end() }
      var times: [String: [Double]] = [:]
      for run in 1...runs {
        for (part, seconds) in try analyze().seconds { times[part, default: []].append(seconds) }
        if let other = try analyzeExactly?() { exactTimes += [other.seconds["model"] ?? 0] }
        progress.update(done: Double(run), of: runs)
      }
      if exact == nil { result.notePeakMemory() }
      result.finish(times)
      if let exactly {
        result.rounding = RoundingCost(
          of: first.answers, from: exactly.answers,
          speedup: BenchmarkResult.Times(exactTimes).median / result.secondsPerSample)
      }
      return result
    }
  }
}

/// What a benchmark found.
private struct BenchmarkResult: Encodable {
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
private struct RoundingCost: Encodable {
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

/// The clip that is measured.
private enum BenchmarkClip {
  /// What was said of a moment.
  struct Answer {
    let mask: [UInt8]
    let sentence: String
  }

  /// What one run gave.
  struct Run {
    let frames: Int
    let sentences: Int
    let seconds: [String: Double]
    let answers: [Answer]

    /// Of a clip that is not decoded.
    var operations: Int?
  }

  /// How many numbers the model has learned, and one run, to be called again and again.
  static func analysis(
    of video: String?, with entry: ModelLibrary.Entry, threads: Int
  ) throws -> (parameters: Int, run: () throws -> Run) {
    if let video {
      let analyzer = try ClipAnalyzer(
        modelDirectory: entry.directory, threads: threads, options: entry.options)
      return (analyzer.model.parameterCount, { try run(of: video, with: analyzer) })
    }
    let model = try AVUFormer(
      directory: entry.directory, threads: threads, options: entry.options)
    let clip = frames(for: model.configuration)
    return (model.parameterCount, { run(of: clip, with: model) })
  }

  private static func run(of video: String, with analyzer: ClipAnalyzer) throws -> Run {
    let prediction = try analyzer.predict(path: video, id: ClipID(fileName: "benchmark"))
    let timings = prediction.timings
    return Run(
      frames: prediction.frames.count, sentences: prediction.frames.count { !$0.caption.isEmpty },
      seconds: [
        "decode": timings.decodeSeconds, "model": timings.modelSeconds,
        "total": timings.totalSeconds,
      ],
      answers: try prediction.frames.map {
        Answer(mask: try $0.mask.decoded().pixels, sentence: $0.caption)
      })
  }

  private static func run(of clip: [FrameInput], with model: AVUFormer) -> Run {
    var (outputs, operations): ([FrameOutput], Int) = ([], 0)
    let time = ContinuousClock().measure {
      (outputs, operations) = model.predictCounting(clip)
    }
    return Run(
      frames: clip.count, sentences: outputs.count { !$0.caption.isEmpty },
      seconds: ["model": time / .seconds(1)],
      answers: outputs.map { output in
        let threshold = output.isSounding ? model.configuration.maskThreshold : .infinity
        return Answer(
          mask: output.maskLogits.map { $0 > threshold ? 1 : 0 }, sentence: output.caption)
      }, operations: operations)
  }

  /// Ten seconds of picture and sound, made by formulas. No picture and no stretch of the rising tone is like another:
  /// what comes again would be computed once.
  private static func frames(for configuration: ModelConfiguration) -> [FrameInput] {
    let seconds = 10
    let rate = configuration.sampleRate
    let sound = (0..<seconds * rate).map { n -> Float in
      let second = Double(n) / Double(rate)
      return Float(0.3 * sin(2 * .pi * (220 + 60 * second) * second))
    }
    return (0..<seconds).map { second in
      FrameInput(
        picture: picture(configuration, second), second: Double(second),
        sound: SoundWindow(samples: sound, start: 0))
    }
  }

  private static func picture(_ configuration: ModelConfiguration, _ second: Int) -> [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(configuration.imageWidth * configuration.imageHeight * 3)
    for y in 0..<configuration.imageHeight {
      for x in 0..<configuration.imageWidth {
        for value in [x + 20 * second, y, x * y / 64] {
          pixels.append(UInt8(truncatingIfNeeded: value))
        }
      }
    }
    return pixels
  }
}
