import ArgumentParser
import Evaluation

/// Scores predictions on disk against ground truth on disk; no database.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score masks and sentences against ground truth.",
    discussion: """
      Clips are paired by id: <truth>/<folder>/annotation.json with masks/00000.png … beside it, \
      and <predictions>/<clip-id>/prediction.json as `avu infer` writes it. Intervals are 95 % \
      bootstrap intervals over clips. What cannot be scored is listed on standard error and has \
      no part in any figure; the exit status is then 3.

      EXAMPLES:
        avu infer data/ --output results
        avu evaluate --truth data --predictions results
        avu evaluate --truth data --predictions results --json | jq '.mIoU.value'
        avu evaluate --truth data --predictions results --strict --output run.json
        avu metrics compare before.json run.json
      """)

  @Option(help: ArgumentHelp("The data set's folder.", valueName: "dir"))
  var truth: String

  @Option(help: ArgumentHelp("The folder of predictions.", valueName: "dir"))
  var predictions: String

  @Flag(help: "Stop at the first thing that cannot be scored, instead of leaving it out.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "How many clips are one batch of AVSBench-M_J and AVSBench-M_F, which depend on it.",
      valueName: "n"))
  var clipsPerBatch = 1

  @OptionGroup var report: MetricReportOptions

  func validate() throws {
    if clipsPerBatch < 1 { throw ValidationError("--clips-per-batch must be at least 1.") }
  }

  func run() throws {
    var progress = ProgressLine("Scoring")
    defer { progress.end() }
    let evaluation = FolderEvaluation(
      summary: MetricSummary(clipsPerBatch: clipsPerBatch), isStrict: strict)
    let figures = try evaluation.report(
      of: DatasetFolder(path: truth), answers: PredictionFolder(path: predictions)
    ) { progress.update(done: Double($0), of: $1) }
    progress.end()
    guard figures.overall.counts.clips > 0 else {
      MetricTables.list(figures.unscored)
      throw CommandError.option(
        name: "--predictions",
        reason: "\(predictions) holds no prediction that can be scored against \(truth)")
    }
    try report.give(figures, item: "clip")
  }
}
