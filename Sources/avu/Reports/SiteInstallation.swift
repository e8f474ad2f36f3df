import Experiments
import Foundation
import ReportSite
import Workers

/// What a site shows of the installation: tables of results, and models with their cards.
struct SiteInstallation {
  let share: String
  let library: ModelLibrary
  /// Files with further tables.
  let tables: [String]

  /// The paper's tables, then those of the files.
  ///
  /// - Returns: The tables; of two with the same id the later takes the earlier one's place.
  /// - Throws: `ExperimentError` for a file that is no table.
  func resultTables() throws -> [ResultTable] {
    var all = (try? PaperTables.all(in: share)) ?? []
    for file in tables {
      let table = try ResultTable(contentsOf: file)
      if let place = all.firstIndex(where: { $0.id == table.id }) {
        all[place] = table
      } else {
        all.append(table)
      }
    }
    return all
  }

  /// The installed models; one that is damaged is shown with what can be read.
  ///
  /// - Returns: The models by name.
  /// - Throws: An error when weights cannot be read.
  func models() throws -> [ModelSnapshot] {
    try library.entries().map { entry in
      let card = try? String(contentsOfFile: entry.directory + "/MODEL_CARD.md", encoding: .utf8)
      let log = try? String(contentsOfFile: entry.directory + "/training.jsonl", encoding: .utf8)
      return ModelSnapshot(
        name: entry.name, sha256: entry.sha256, facts: (try? Self.facts(entry)) ?? [], card: card,
        training: log.map { TrainingLog(lines: $0.split(whereSeparator: \.isNewline)) })
    }
  }

  private static func facts(_ entry: ModelLibrary.Entry) throws -> [ModelSnapshot.Fact] {
    let model = try ModelSummary(entry)
    return [
      .init(label: "Task", value: "\(model.task): \(model.taskSummary)"),
      .init(label: "Parameters", value: model.millions),
      .init(label: "Weights", value: model.megabytes),
      .init(label: "Picture", value: "\(model.imageWidth) × \(model.imageHeight)"),
      .init(label: "Sound", value: "\(model.sampleRate) Hz"),
      .init(label: "Categories", value: model.categories.joined(separator: ", ")),
    ]
  }
}
