import ArgumentParser
import Evaluation
import Foundation
import Media

/// How a command gives a metric report.
struct MetricReportOptions: ParsableArguments {
  @Flag(help: "Print the whole report as JSON instead of tables.")
  var json = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the whole report as JSON to a file, too.", valueName: "file"))
  var output: String?

  /// Gives the report as these options say.
  func give(_ report: MetricReport, item: String) throws {
    try MetricReportOutput(json: json, file: output).give(report, item: item)
  }
}

/// Where a metric report goes.
struct MetricReportOutput {
  /// Whether it is printed as JSON.
  let json: Bool

  /// The file that gets it as JSON, too.
  let file: String?

  /// Gives the report, and lists on standard error what could not be scored.
  ///
  /// - Parameters:
  ///   - report: The figures.
  ///   - item: What is scored, for headings: `clip` or `id`.
  /// - Throws: ``CommandError`` when the file cannot be written; the exit status 3 when something
  ///   could not be scored.
  func give(_ report: MetricReport, item: String) throws {
    // The file comes first: whoever reads standard output may close it early, which ends the program.
    let written = Result { if let file { try write(report, to: file) } }
    if json {
      try report.write { Console.write($0) }
    } else {
      MetricTables(report, item: item).print()
    }
    MetricTables.list(report.unscored)
    try written.get()
    if report.unscored.isEmpty { return }
    throw ExitStatus.partial.exitCode
  }

  /// Writes the file beside its place and moves it there once it is whole.
  ///
  /// - Throws: ``CommandError/unwritable(path:reason:)``.
  func write(_ report: MetricReport, to path: String) throws {
    let part = URL(fileURLWithPath: path + ".part")
    do {
      try Data().write(to: part)
      let file = try FileHandle(forWritingTo: part)
      try report.write { try file.write(contentsOf: $0) }
      try file.close()
      guard rename(part.path, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch let error as CocoaError {
      try? FileManager.default.removeItem(at: part)
      throw CommandError.unwritable(path: path, reason: FileReason(error))
    }
  }
}

/// A metric report for people.
struct MetricTables {
  private let report: MetricReport
  private let item: String

  /// - Parameters:
  ///   - report: The figures.
  ///   - item: What is scored.
  init(_ report: MetricReport, item: String) {
    self.report = report
    self.item = item
  }

  /// Prints all figures of the whole, the main ones of each category and clip, and what they mean.
  func print() {
    printOverall()
    printGroups(Array(report.byCategory), heading: "category")
    printGroups(Array(report.byClass), heading: "class", names: ["IoU", "F-score"])
    printGroups(Array(report.byClip.prefix(Self.mostClips)), heading: item)
    if report.byClip.count > Self.mostClips {
      Console.print(
        "These are the first \(Self.mostClips) of \(report.byClip.count) \(item)s; --json and --output "
          + "have all.")
    }
    Console.print("")
    Console.print("How the figures were computed:")
    for (name, words) in report.signature.sorted(by: { $0.key < $1.key }) {
      Console.print("  \(name): \(words)")
    }
  }

  /// Lists on standard error what has no part in the figures.
  static func list(_ unscored: [UnscoredClip]) {
    for entry in unscored {
      Console.error("not scored: \(entry.clip.printable): \(entry.reason.printable)")
    }
  }

  private func printOverall() {
    let counts = report.overall.counts
    Console.print(
      [
        Self.count(counts.clips, item), Self.count(counts.frames, "frame") + " with a mask",
        Self.count(counts.captions, "sentence"),
      ].joined(separator: ", "))
    Console.print("")
    let rows = MetricName.all.compactMap { name in
      report.overall.values[name].map { [name, Self.text($0.value), Self.interval($0) ?? "–"] }
    }
    Console.print(table: ["all \(item)s", "value", "95 % interval"], rows: rows)
  }

  /// Of how many clips figures are printed: nobody reads a table of thousands.
  private static let mostClips = 100

  private func printGroups(
    _ groups: [(key: String, value: MetricSet)], heading: String, names: [String] = Self.main
  ) {
    let names = names.filter { name in groups.contains { $0.value.values[name] != nil } }
    if groups.isEmpty || names.isEmpty { return }
    let withIntervals = Set(
      names.filter { name in groups.contains { $0.value.values[name]?.ci95 != nil } })
    Console.print("")
    Console.print(
      table: [heading, "frames", "sentences"] + names,
      rows: groups.sorted { $0.key < $1.key }.map { name, set in
        [name.printable, String(set.counts.frames), String(set.counts.captions)]
          + names.map { name in
            Self.cell(set.values[name], besideIntervals: withIntervals.contains(name))
          }
      })
  }

  /// The figures that are shown of each category and clip: those that leave no other out.
  private static let main = MetricName.all.filter {
    ["mIoU", "F-score", "BLEU-4", "ROUGE-L", "CIDEr"].contains($0) || $0.hasPrefix("METEOR")
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private static func cell(_ value: MetricValue?, besideIntervals: Bool) -> String {
    guard let value else { return "–" }
    return besideIntervals
      ? "\(text(value.value)) (\(interval(value) ?? "–"))" : text(value.value)
  }

  private static func interval(_ value: MetricValue) -> String? {
    guard let bounds = value.ci95, bounds.count == 2 else { return nil }
    return "\(text(bounds[0])) to \(text(bounds[1]))"
  }

  private static func text(_ value: Double) -> String { String(format: "%.3f", value) }
}

/// A line on the terminal that says how far an evaluation is, step by step.
struct EvaluationProgressLine {
  private let subject: String?
  private var step: EvaluationProgress.Step?
  private var line = ProgressLine("")

  /// - Parameter subject: What is evaluated, where the user did not say it in the command.
  init(of subject: String? = nil) { self.subject = subject }

  /// Draws the line, at most ten times a second.
  mutating func update(_ progress: EvaluationProgress) {
    if progress.step != step {
      step = progress.step
      line = ProgressLine(progress.step.rawValue + (subject.map { " of \($0)" } ?? ""))
    }
    line.update(done: progress.done, of: progress.total)
  }

  /// Takes the line away.
  func end() { line.end() }
}
