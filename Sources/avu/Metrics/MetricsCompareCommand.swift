import ArgumentParser
import Evaluation
import Foundation

extension MetricsCommand {
  /// Compares two metric reports.
  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "compare",
      abstract: "Say which figures of a second run are better or worse beyond chance.",
      discussion: """
        Both files are reports of `avu evaluate --output` or `avu metrics captions --output` over \
        the same clips. Figures are paired by clip; the interval of a difference is a bootstrap \
        over clips, p a permutation test, corrected by Holm's method for the number of figures. \
        Figures whose conventions differ are not compared but listed, and so are clips that only \
        one of the runs has; the exit status is then 3.

        EXAMPLES:
          avu metrics compare before.json after.json
          avu metrics compare before.json after.json --metric mIoU --metric METEOR --json
        """)

    @Argument(help: ArgumentHelp("The report to compare with.", valueName: "first.json"))
    var first: String

    @Argument(help: ArgumentHelp("The report that may be better.", valueName: "second.json"))
    var second: String

    @Option(
      help: ArgumentHelp(
        "Compare only this figure; may be repeated, or several with commas.", valueName: "name"))
    var metric: [String] = []

    @Option(help: ArgumentHelp("The corrected p below which a change counts.", valueName: "p"))
    var level = 0.05

    @Option(help: ArgumentHelp("Resamples and permutations.", valueName: "n"))
    var resamples = 10_000

    @Flag(help: "Print the comparison as JSON instead of a table.")
    var json = false

    func validate() throws {
      if level <= 0 || level >= 1 { throw ValidationError("--level must be between 0 and 1.") }
      if resamples < 100 { throw ValidationError("--resamples must be at least 100.") }
    }

    func run() throws {
      let comparison = try RunComparison(resamples: resamples, level: level).compare(
        MetricReport(contentsOf: first), with: MetricReport(contentsOf: second),
        metrics: metric.isEmpty
          ? nil
          : metric.flatMap { $0.split(separator: ",") }.map {
            $0.trimmingCharacters(in: .whitespaces)
          })
      if json { try Console.print(json: comparison) } else { Self.print(comparison) }
      for difference in comparison.differences {
        Console.error("not compared: \(difference.printable)")
      }
      for clip in comparison.unpaired {
        Console.error("not compared: \(clip.printable): only one of the runs has it")
      }
      if !comparison.differences.isEmpty || !comparison.unpaired.isEmpty {
        throw ExitStatus.partial.exitCode
      }
    }

    private static func print(_ comparison: MetricComparison) {
      Console.print(
        table: [
          "figure", "clips", "first", "second", "difference", "95 % interval", "p (Holm)",
          "verdict",
        ],
        rows: comparison.metrics.map { metric in
          let interval = metric.ci95.map { "\(signed($0[0])) to \(signed($0[1]))" } ?? "–"
          return [
            metric.name, String(metric.clips), String(format: "%.3f", metric.first),
            String(format: "%.3f", metric.second), signed(metric.difference), interval,
            String(format: "%.4f", metric.adjustedP), metric.verdict.rawValue,
          ]
        })
      Console.print("")
      Console.print("How the runs were compared:")
      for (name, words) in comparison.signature.sorted(by: { $0.key < $1.key }) {
        Console.print("  \(name): \(words)")
      }
    }

    private static func signed(_ value: Double) -> String { String(format: "%+.3f", value) }
  }
}
