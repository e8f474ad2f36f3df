import ArgumentParser
import Datasets
import Evaluation

/// Looks at data sets on disk.
struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Import, check, describe and export data sets on disk.",
    discussion: """
      EXAMPLES:
        avu dataset import avsbench-s4 avsbench_data/Single-source --output s4
        avu dataset validate s4
        avu dataset stats data/f-music --definition f-music
        avu dataset export coco s4 --output coco
      """,
    subcommands: [Import.self, Validate.self, Stats.self, Export.self])
}

extension DatasetCommand {
  /// Lists everything that is wrong with a data set.
  struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "validate",
      abstract: "List everything that is wrong with a data set.",
      discussion: """
        Finds documents and masks that are missing or cannot be read, masks of another size than \
        the video's frames or in contradiction to the document, moments outside of the video, ids \
        that are used twice, and categories and splits that dataset.json does not know. The exit \
        status is 1 when something is wrong.

        EXAMPLES:
          avu dataset validate data/f-music
          avu dataset validate data/f-music --json | jq -r '.[].problem'
        """)

    @Argument(help: ArgumentHelp("The data set's folder.", valueName: "dir"))
    var folder: String

    @Flag(help: "Print the problems as JSON.")
    var json = false

    func run() throws {
      var progress = ProgressLine("Checking")
      defer { progress.end() }
      let dataset = try DatasetFolder(path: folder)
      let problems = DatasetValidation.problems(of: dataset) {
        progress.update(done: Double($0), of: $1)
      }
      progress.end()
      if json {
        try Console.print(json: problems)
      } else {
        for entry in problems {
          let clip = entry.clip.map { "\($0): " } ?? ""
          Console.print((clip + entry.problem).printable)
        }
        let clips = dataset.clips.count == 1 ? "1 clip" : "\(dataset.clips.count) clips"
        let found = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        Console.print("\(clips): \(problems.isEmpty ? "no problem" : found).")
      }
      if !problems.isEmpty { throw ExitStatus.failed.exitCode }
    }
  }
}

extension DatasetCommand {
  /// Says what is in a data set.
  struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "stats",
      abstract: "Say what is in a data set, in numbers.",
      discussion: """
        Clips that cannot be read are listed on standard error and are not counted; the exit \
        status is then 3. With --definition the categories are compared with those of a published \
        data set: f-music or f-lifescene.

        EXAMPLES:
          avu dataset stats data/f-music
          avu dataset stats data/f-music --definition f-music
          avu dataset stats data/f-music --json | jq '.categories'
        """)

    @Argument(help: ArgumentHelp("The data set's folder.", valueName: "dir"))
    var folder: String

    @Option(help: ArgumentHelp("A published data set to compare with.", valueName: "name"))
    var definition: String?

    @Flag(help: "Print the numbers as JSON.")
    var json = false

    func run() throws {
      var progress = ProgressLine("Reading")
      defer { progress.end() }
      let definition = try definition.map {
        try DatasetDefinition(named: $0, in: try Settings.load().share)
      }
      let dataset = try DatasetFolder(path: folder)
      let numbers = DatasetStatistics(of: dataset) { progress.update(done: Double($0), of: $1) }
      progress.end()
      let comparison = definition.map { DefinitionComparison(of: numbers, with: $0) }
      if json {
        try Console.print(json: DatasetNumbers(numbers: numbers, definition: comparison))
      } else {
        if let name = dataset.description?.name { Console.print(name.printable) }
        DatasetTables(numbers: numbers).print()
        if let comparison { DefinitionTables(comparison).print() }
      }
      for entry in numbers.unreadable {
        Console.error("not counted: \(entry.clip.printable): \(entry.reason.printable)")
      }
      if !numbers.unreadable.isEmpty { throw ExitStatus.partial.exitCode }
    }
  }
}

/// A data set's numbers with how they compare to a definition, in one JSON object.
private struct DatasetNumbers: Encodable {
  let numbers: DatasetStatistics
  let definition: DefinitionComparison?

  private enum CodingKeys: String, CodingKey { case definition }

  func encode(to encoder: any Encoder) throws {
    try numbers.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(definition, forKey: .definition)
  }
}

/// A data set's numbers for people.
private struct DatasetTables {
  let numbers: DatasetStatistics

  func print() {
    Console.print(table: ["what", "number"], rows: rows)
    printCounts(numbers.categories, of: "category")
    printCounts(numbers.splits, of: "split")
  }

  private var rows: [[String]] {
    [
      ["clips", "\(numbers.clips)"],
      ["annotated moments", "\(numbers.moments)"],
      ["moments in which something sounds", "\(numbers.soundingMoments)"],
      ["masks", "\(numbers.masks)"],
      ["share of the frame that a mask covers, mean", text(numbers.meanCoverage)],
      ["sentences", "\(numbers.sentences)"],
      ["different sentences", "\(numbers.distinctSentences)"],
      ["words of a sentence, mean", text(numbers.meanWords)],
      ["different words", "\(numbers.vocabulary)"],
    ]
  }

  private func text(_ value: Double?) -> String {
    value.map { "\(($0 * 1000).rounded() / 1000)" } ?? "–"
  }

  private func printCounts(_ counts: [String: Int], of what: String) {
    if counts.isEmpty { return }
    Console.print("")
    Console.print(
      table: [what, "clips"],
      rows: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        [$0.key.printable, "\($0.value)"]
      })
  }
}
