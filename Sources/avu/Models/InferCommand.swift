import Annotations
import ArgumentParser
import Foundation
import Jobs
import Logging
import Workers

/// Runs the model on a few clips without a database.
struct InferCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infer", abstract: "Analyse videos without a database.",
    discussion: """
      Writes DIR/<clip-id>/prediction.json and masks/00000.png … for each video; the clip's id is \
      the file's name without its extension, and of a file called video.* its folder's name.

      EXAMPLES:
        avu infer concert.mp4 --output results
        avu infer videos/ --output results --overlay
        avu infer concert.mp4 --output results --frame-rate 4 --json
        avu infer concert.mp4 --output careful --beam 4 --max-words 24
      """)

  @Argument(
    help: ArgumentHelp(
      "Video files, folders, http(s) addresses, and lists (.jsonl, .csv).", valueName: "video"))
  var videos: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "dir"))
  var output: String

  @Flag(help: "Also write overlay.mp4: the video with the masks painted in.")
  var overlay = false

  @Option(help: ArgumentHelp("Moments looked at in each second.", valueName: "n"))
  var frameRate = 1.0

  @Option(help: ArgumentHelp("The model to run.", valueName: "name"))
  var model: String?

  @OptionGroup var choice: ModelChoice

  @Option(help: "Threads; all processors by default.")
  var threads: Int?

  @Option(help: ArgumentHelp("End a clip that makes no progress for so long.", valueName: "s"))
  var timeLimit = 600.0

  @Flag(help: "Print a JSON document instead of text.")
  var json = false

  func validate() throws {
    guard frameRate.isFinite, frameRate > 0, frameRate <= 100 else {
      throw ValidationError("--frame-rate must be above 0 and at most 100.")
    }
    guard timeLimit.isFinite, timeLimit > 0 else {
      throw ValidationError("--time-limit must be above 0.")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be from 1 to 1024.")
    }
  }

  func run() async throws {
    let settings = try Settings.load()
    let entry = try choice.entry(named: model ?? settings.model, settings)
    let discovery = try VideoDiscovery(RawArguments.bytes(of: videos))
    let processes = WorkerProcesses(
      settings, count: 1, threads: threads, logger: Logger(label: "avu.infer"))
    let outcomes = await withTaskGroup(of: Void.self) { group in
      group.addTask { await processes.run() }
      let outcomes = await analyze(discovery.found, with: entry, on: processes)
      group.cancelAll()
      return outcomes
    }
    try report(outcomes, problems: discovery.problems)
  }

  private func analyze(
    _ found: [VideoDiscovery.Found], with entry: ModelLibrary.Entry, on processes: WorkerProcesses
  ) async -> [InferenceOutcome] {
    var outcomes: [InferenceOutcome] = []
    let line = SharedProgressLine("Analysing")
    for (index, video) in found.enumerated() {
      var outcome = InferenceOutcome(clip: video.clip.text, file: video.location.shown)
      do {
        let prediction = try await predict(video, with: entry, on: processes) { part in
          line.update(done: Double(index) + part, of: found.count)
        }
        outcome.prediction = prediction
        outcome.folder = try PredictionWriter(output: output).write(
          prediction, overlayOf: overlay ? video.location : nil)
      } catch {
        outcome.error = "\(error)"
        outcome.status = ExitStatus(for: error)
      }
      line.end()
      outcome.warn()
      if !json { outcome.print() }
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func predict(
    _ video: VideoDiscovery.Found, with entry: ModelLibrary.Entry, on processes: WorkerProcesses,
    progress: @escaping @Sendable (Double) -> Void
  ) async throws -> Prediction {
    let digest = try await FileHashing.digests(of: [video.location]) { _ in }[0].get()
    let payload = InferencePayload(
      clip: video.clip, location: video.location.text, sha256: digest.sha256, model: entry.name,
      modelSHA256: entry.sha256, frameRate: frameRate)
    return try await processes.answer(
      .infer(payload), silence: .seconds(timeLimit), progress: progress
    ).prediction()
  }

  private func report(_ outcomes: [InferenceOutcome], problems: [WorkerError]) throws {
    if json { try Console.print(json: outcomes) }
    for problem in problems { Console.error("avu: \(problem)") }
    let failed = outcomes.filter { $0.error != nil }
    if failed.isEmpty, problems.isEmpty { return }
    if !failed.isEmpty, !json {
      Console.error("avu: \(failed.count) of \(counted(outcomes.count, "video")) failed.")
    }
    if failed.count < outcomes.count { throw ExitStatus.partial.exitCode }
    throw (failed.allSatisfy { $0.status == .usage } ? ExitStatus.usage : .failed).exitCode
  }
}

/// What became of one video.
private struct InferenceOutcome: Encodable {
  let clip: String
  let file: String
  var folder: String?
  var error: String?
  var prediction: Prediction?
  var status: ExitStatus?

  /// Says on standard error what is amiss with a video that was analysed all the same.
  func warn() {
    guard let missing = prediction?.clip.missing else { return }
    Console.error(
      "avu: \(clip.printable): the file is cut off, and its last "
        + "\(String(format: "%.1f", missing)) s are missing; copy it again from its source.")
  }

  func print() {
    guard let prediction, let folder, error == nil else {
      Console.error("avu: \(clip.printable): \((error ?? "no prediction").printable)")
      return
    }
    let sounding = prediction.frames.count(where: \.sounding)
    Console.print(
      "\(clip.printable): \(sounding) of \(counted(prediction.frames.count, "moment")) sound; written to "
        + folder.printable)
    var last = ""
    for frame in prediction.frames where frame.caption != last {
      last = frame.caption
      let time = String(format: "%7.1f s  ", frame.time)
      Console.print(time + (last.isEmpty ? "–" : last))
    }
  }

  private enum CodingKeys: String, CodingKey { case clip, file, folder, error, prediction }
}
