import Evaluation
import Experiments
import Foundation
import Workers

/// Runs an experiment: has missing answers computed, scores what is there, fills the tables.
///
/// What is written to the output folder is used again by the next run: predictions, scores,
/// benchmarks.
struct ExperimentRun {
  let experiment: Experiment
  let settings: Settings

  /// Where everything is written.
  let output: String

  /// How figures are summed up.
  let summary: MetricSummary

  /// Whether the first thing that cannot be scored ends the run.
  let isStrict: Bool

  /// Threads for scoring; nil for all processors.
  let threads: Int?

  /// What could not be done on the way, a sentence each.
  private(set) var problems: [String] = []

  init(
    _ experiment: Experiment, settings: Settings, output: String, summary: MetricSummary,
    isStrict: Bool, threads: Int?
  ) {
    self.experiment = experiment
    self.settings = settings
    self.output = output
    self.summary = summary
    self.isStrict = isStrict
    self.threads = threads
  }

  /// Runs on this machine, or through the queue.
  ///
  /// - Parameter queue: Where the work of installed models is queued; nil does it here.
  /// - Returns: The filled tables.
  /// - Throws: An error that names the file or option.
  mutating func tables(through queue: ExperimentQueue?) async throws -> [ResultTable] {
    let paper = try PaperTables.all(in: settings.share)
    var results = ExperimentResults(
      experiment, paper: paper, origin: .here(commit: SourceVersion.commit(of: settings.share)))
    for model in experiment.models {
      for dataSet in experiment.dataSets where isNeeded(model) {
        guard let (task, report) = try await report(of: model, on: dataSet, queue) else { continue }
        try ExperimentFiles(output: output).write(report, of: model, on: dataSet)
        problems += report.unscored.map {
          "\(model.name), \(dataSet.name): \($0.clip): \($0.reason)"
        }
        results.add(report, of: model, on: dataSet, task: model.task ?? task)
      }
    }
    try addBenchmarks(to: &results)
    return results.tables
  }

  /// Whether a table other than that of efficiency shows the model.
  private func isNeeded(_ model: ExperimentModel) -> Bool {
    experiment.tables.contains { table in
      table.kind != .efficiency && table.rows?.contains(model.name) ?? true
    }
  }

  private mutating func report(
    of model: ExperimentModel, on dataSet: ExperimentDataSet, _ queue: ExperimentQueue?
  ) async throws -> (ExperimentTask, MetricReport)? {
    switch model.answers {
    case nil: return nil
    case .model(let name):
      let entry = try ModelLibrary(directory: settings.models).entry(named: name)
      let task = try ModelSummary(entry).task
      if let queue {
        return (Self.task(task), try await queue.report(of: entry, on: dataSet, summary: summary))
      }
      let folder = ExperimentFiles(output: output).predictions(of: model, on: dataSet)
      var predictions = ExperimentPredictions(settings: settings, entry: entry, folder: folder)
      try await predictions.complete(dataSet, title: model.name)
      problems += predictions.problems.map { "\(model.name), \(dataSet.name): \($0)" }
      return (Self.task(task), try score(PredictionFolder(path: folder), on: dataSet, model))
    case .predictions(let path):
      let folder = try PredictionFolder(path: model.path(path, for: dataSet))
      return (Self.task(folder.task), try score(folder, on: dataSet, model))
    case .descriptions(let path):
      let file = try DescriptionFile(path: model.path(path, for: dataSet))
      if isStrict, let first = file.problems.first {
        throw EvaluationError.notScored(clip: first.clip, reason: first.reason)
      }
      var report = try score(file, on: dataSet, model)
      report.unscored += file.problems
      return (.avc, report)
    }
  }

  private func score(
    _ answers: any AnswerSource, on dataSet: ExperimentDataSet, _ model: ExperimentModel
  ) throws -> MetricReport {
    var progress = EvaluationProgressLine(of: "\(model.name) on \(dataSet.name)")
    defer { progress.end() }
    let evaluation = FolderEvaluation(
      summary: summary, isStrict: isStrict, threads: threads,
      cache: ScoreCache(folder: output + "/scores"))
    return try evaluation.report(
      of: DatasetFolder(path: dataSet.path), split: dataSet.split, answers: answers
    ) { progress.update($0) }
  }

  /// What a model says of itself; an unknown word counts as both masks and sentences.
  private static func task(_ name: String?) -> ExperimentTask {
    name.flatMap(ExperimentTask.init(rawValue:)) ?? .ssu
  }

  private func addBenchmarks(to results: inout ExperimentResults) throws {
    guard let table = experiment.tables.first(where: { $0.kind == .efficiency }) else { return }
    let benchmarks = ExperimentBenchmarks(folder: output + "/benchmarks")
    for model in experiment.models where table.rows?.contains(model.name) ?? true {
      guard let found = try benchmarks.benchmark(of: model) else { continue }
      results.add(
        found.benchmark, of: model, machine: found.machine, when: found.when,
        parameters: try parameters(of: model))
    }
  }

  /// How many numbers an installed model's weights have; nil for other answers.
  private func parameters(of model: ExperimentModel) throws -> Int? {
    guard case .model(let name) = model.answers else { return nil }
    let entry = try ModelLibrary(directory: settings.models).entry(named: name)
    return try ModelSummary(entry).parameters
  }
}

/// Which version of avu's source the files beside the program are of.
enum SourceVersion {
  /// The commit of a checkout, with “+” when files were changed; nil for an installed program.
  static func commit(of folder: String) -> String? {
    guard FileManager.default.fileExists(atPath: folder + "/.git") else { return nil }
    guard let commit = output(["-C", folder, "rev-parse", "--short", "HEAD"]),
      let changes = output(["-C", folder, "status", "--porcelain", "-uno"])
    else { return nil }
    return commit + (changes.isEmpty ? "" : "+")
  }

  private static func output(_ arguments: [String]) -> String? {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0
      ? said.trimmingCharacters(in: .whitespacesAndNewlines) : nil
  }
}
