import AVUModel
import ArgumentParser
import Foundation
import TensorCore
import Workers

extension ModelCommand {
  /// Measures how long a clip takes.
  struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "benchmark", abstract: "Measure how long the model takes for a clip.",
      discussion: """
        Without a video, the clip is ten frames (or --frames) with sound, made by formulas, and nothing is \
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

    @Option(help: "Frames of the clip that is made up, one a second.")
    var frames = 10

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
      guard (1...1000).contains(frames) else {
        throw ValidationError("--frames must be between 1 and 1000.")
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
        of: video, frames: frames, with: entry, threads: threads)
      let first = try analyze()
      var result = BenchmarkResult(
        model: entry.name, threads: threads, firstRun: first, parameters: parameters)
      result.notePeakMemory()
      let analyzeExactly = try exact.map {
        try BenchmarkClip.analysis(of: video, frames: frames, with: $0, threads: threads).run
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
