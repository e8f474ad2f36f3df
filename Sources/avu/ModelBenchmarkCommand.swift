import AVUModel
import Annotations
import ArgumentParser
import Foundation
import Inference
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
        the number of sentences is printed with the times.

        EXAMPLES:
          avu model benchmark avuformer-lite
          avu model benchmark avuformer-lite --video clip.mp4
          avu model benchmark avuformer-lite --threads 1 --runs 9 --json
        """)

    @Argument(help: ArgumentHelp("The model.", valueName: "name"))
    var name: String

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
      let entry = try ModelLibrary(directory: try Settings.load().models).entry(named: name)
      let result = try await withCheckedThrowingContinuation { continuation in
        // The model must not be waited for on Swift's own threads.
        DispatchQueue.global().async {
          continuation.resume(with: Swift.Result { try measure(entry) })
        }
      }
      if json { return try Console.print(json: result) }
      Console.print(
        "\(entry.name.printable): \(result.frames) frames, \(result.sentences) with a sentence; "
          + "\(threads) threads, \(runs) runs")
      Console.print(
        table: ["seconds a clip", "median", "least", "most"],
        rows: result.seconds.sorted { $0.key < $1.key }.map { part, times in
          [part] + [times.median, times.min, times.max].map { String(format: "%.3f", $0) }
        })
    }

    private func measure(_ entry: ModelLibrary.Entry) throws -> BenchmarkResult {
      let analyze = try BenchmarkClip.analysis(of: video, with: entry, threads: threads)
      var result = BenchmarkResult(model: name, threads: threads, firstRun: try analyze())
      var progress = ProgressLine("Measuring")
      defer { progress.end() }
      var times: [String: [Double]] = [:]
      for run in 1...runs {
        for (part, seconds) in try analyze().seconds { times[part, default: []].append(seconds) }
        progress.update(done: Double(run), of: runs)
      }
      result.seconds = times.mapValues(BenchmarkResult.Times.init)
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

  /// Times by part: `model`, and with a video `decode` and `total`.
  var seconds: [String: Times] = [:]

  init(model: String, threads: Int, firstRun: BenchmarkClip.Run) {
    self.model = model
    self.threads = threads
    frames = firstRun.frames
    sentences = firstRun.sentences
  }
}

/// The clip that is measured.
private enum BenchmarkClip {
  /// What one run gave.
  struct Run {
    let frames: Int
    let sentences: Int
    let seconds: [String: Double]
  }

  /// One run, to be called again and again.
  static func analysis(
    of video: String?, with entry: ModelLibrary.Entry, threads: Int
  ) throws -> () throws -> Run {
    if let video {
      let analyzer = try ClipAnalyzer(modelDirectory: entry.directory, threads: threads)
      return { try run(of: video, with: analyzer) }
    }
    let model = try AVUFormer(directory: entry.directory, threads: threads)
    let clip = frames(for: model.configuration)
    return { run(of: clip, with: model) }
  }

  private static func run(of video: String, with analyzer: ClipAnalyzer) throws -> Run {
    let prediction = try analyzer.predict(path: video, id: ClipID(fileName: "benchmark"))
    let timings = prediction.timings
    return Run(
      frames: prediction.frames.count, sentences: prediction.frames.count { !$0.caption.isEmpty },
      seconds: [
        "decode": timings.decodeSeconds, "model": timings.modelSeconds,
        "total": timings.totalSeconds,
      ])
  }

  private static func run(of clip: [FrameInput], with model: AVUFormer) -> Run {
    var sentences = 0
    let time = ContinuousClock().measure {
      sentences = model.predict(clip).count { !$0.caption.isEmpty }
    }
    return Run(frames: clip.count, sentences: sentences, seconds: ["model": time / .seconds(1)])
  }

  /// Ten seconds of picture and sound, made by formulas.
  private static func frames(for configuration: ModelConfiguration) -> [FrameInput] {
    let seconds = 10
    let rate = configuration.sampleRate
    let sound = (0..<seconds * rate).map { n in
      Float(0.3 * sin(2 * .pi * 440 * Double(n) / Double(rate)))
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
