import ArgumentParser
import Evaluation

/// The metrics by themselves.
struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "Compute metrics without clips, and compare runs.",
    discussion: """
      EXAMPLES:
        avu metrics captions sentences.json
        avu metrics compare before.json after.json --metric mIoU,CIDEr
      """,
    subcommands: [Captions.self, Compare.self])
}

extension MetricsCommand {
  /// Scores sentences against references.
  struct Captions: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "captions",
      abstract: "Score sentences against references: BLEU, ROUGE-L, METEOR, CIDEr.",
      discussion: """
        The file holds {"references": {id: ["…", …]}, "hypotheses": {id: "…"}}. An id without a \
        reference or without a hypothesis is listed on standard error and has no part in any \
        figure; the exit status is then 3.

        EXAMPLES:
          avu metrics captions sentences.json
          avu metrics captions sentences.json --json --output report.json
        """)

    @Argument(help: ArgumentHelp("The sentences, as JSON.", valueName: "file.json"))
    var file: String

    @Flag(help: "Stop at the first id that cannot be scored, instead of leaving it out.")
    var strict = false

    @OptionGroup var report: MetricReportOptions

    func run() throws {
      var progress = EvaluationProgressLine()
      defer { progress.end() }
      let figures = try CaptionScoring.report(of: CaptionFile(contentsOf: file), isStrict: strict) {
        progress.update($0)
      }
      progress.end()
      try report.give(figures, item: "id")
    }
  }
}
