import ArgumentParser
import Evaluation
import Experiments

/// Scores predictions on disk against ground truth on disk, or runs an experiment.
struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score masks and sentences against ground truth, or fill an experiment's tables.",
    discussion: """
      Clips are paired by id: <truth>/<folder>/annotation.json with masks/00000.png … beside it, \
      and <predictions>/<clip-id>/prediction.json as `avu infer` writes it. Intervals are 95 % \
      bootstrap intervals over clips. What cannot be scored is listed on standard error and has \
      no part in any figure; the exit status is then 3.

      With --experiment a YAML or JSON file names models (installed ones, folders of predictions, \
      files of sentences), data sets and tables. Predictions that are missing are computed here, or \
      with --queue by workers through the database: run the command again when they are done. \
      Everything goes to one folder and is used again: predictions, scores, reports, tables.

      EXAMPLES:
        avu infer data/ --output results
        avu evaluate --truth data --predictions results
        avu evaluate --truth data --predictions results --json | jq '.mIoU.value'
        avu evaluate --truth data --predictions results --strict --output run.json
        avu metrics compare before.json run.json
        avu evaluate --experiment comparison.yaml --output comparison
        avu evaluate --experiment comparison.yaml --queue && avu work --drain
      """)

  @Option(help: ArgumentHelp("The data set's folder.", valueName: "dir"))
  var truth: String?

  @Option(help: ArgumentHelp("The folder of predictions.", valueName: "dir"))
  var predictions: String?

  @Option(help: ArgumentHelp("Only the clips of this split of dataset.json.", valueName: "name"))
  var split: String?

  @Option(
    help: ArgumentHelp("What to compare with what, as YAML or JSON.", valueName: "file"))
  var experiment: String?

  @Flag(help: "Have an experiment's missing predictions computed by workers.")
  var queue = false

  @Flag(help: "Stop at the first thing that cannot be scored, instead of leaving it out.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "How many clips are one batch of AVSBench-M_J and AVSBench-M_F, which depend on it.",
      valueName: "n"))
  var clipsPerBatch = 1

  @Option(
    help: ArgumentHelp(
      "Keep the scores of clips here, and use them again while nothing has changed.",
      valueName: "dir"))
  var cache: String?

  @Option(help: "Threads; all processors by default. Their number changes no figure.")
  var threads: Int?

  @Flag(help: "Print the whole report, or the tables, as JSON instead of text.")
  var json = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the whole report as JSON to a file, too; of an experiment, the folder of everything, "
        + "by default one of the experiment's name.",
      valueName: "path"))
  var output: String?

  func validate() throws {
    if clipsPerBatch < 1 { throw ValidationError("--clips-per-batch must be at least 1.") }
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    if experiment == nil {
      for (name, value) in [("--truth", truth), ("--predictions", predictions)] where value == nil {
        throw ValidationError("\(name) is missing; --experiment would be the other way.")
      }
      if queue { throw ValidationError("--queue belongs to --experiment.") }
    } else if truth != nil || predictions != nil || split != nil || cache != nil {
      throw ValidationError(
        "--truth, --predictions, --split and --cache do not go with --experiment, whose file says it."
      )
    }
  }

  func run() async throws {
    if let experiment { return try await run(experiment: experiment) }
    guard let truth, let predictions else { return }
    var progress = EvaluationProgressLine()
    defer { progress.end() }
    let evaluation = FolderEvaluation(
      summary: MetricSummary(clipsPerBatch: clipsPerBatch), isStrict: strict, threads: threads,
      cache: cache.map { ScoreCache(folder: $0) })
    let figures = try evaluation.report(
      of: DatasetFolder(path: truth), split: split, answers: PredictionFolder(path: predictions)
    ) { progress.update($0) }
    progress.end()
    guard figures.overall.counts.clips > 0 else {
      MetricTables.list(figures.unscored)
      throw CommandError.option(
        name: "--predictions",
        reason: "\(predictions) holds no prediction that can be scored against \(truth)")
    }
    try MetricReportOutput(json: json, file: output).give(figures, item: "clip")
  }

  private func run(experiment file: String) async throws {
    let experiment = try Experiment(contentsOf: file)
    let settings = try Settings.load()
    var run = ExperimentRun(
      experiment, settings: settings, output: output ?? experiment.name,
      summary: MetricSummary(clipsPerBatch: clipsPerBatch), isStrict: strict, threads: threads)
    let tables: [ResultTable]
    if queue {
      (run, tables) = try await DatabaseSession.with(settings) { [run] session in
        var run = run
        let tables = try await run.tables(through: ExperimentQueue(session: session))
        return (run, tables)
      }
    } else {
      tables = try await run.tables(through: nil)
    }
    try ExperimentFiles(output: run.output).write(tables)
    if json { try Console.print(json: tables) } else { ExperimentTables.print(tables) }
    for problem in run.problems { Console.error("not scored: \(problem.printable)") }
    if !run.problems.isEmpty { throw ExitStatus.partial.exitCode }
  }
}
