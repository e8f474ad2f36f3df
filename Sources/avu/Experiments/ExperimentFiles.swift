import Evaluation
import Experiments
import Foundation
import Media

/// What an experiment writes: predictions, scores, reports, benchmarks and tables.
struct ExperimentFiles {
  /// The folder of all of it.
  let output: String

  /// The folder of an installed model's predictions.
  func predictions(of model: ExperimentModel, on dataSet: ExperimentDataSet) -> String {
    "\(output)/predictions/\(dataSet.name)/\(model.name)"
  }

  /// Writes a model's report, as `avu evaluate --output` does.
  func write(
    _ report: MetricReport, of model: ExperimentModel, on dataSet: ExperimentDataSet
  ) throws {
    let file = "\(output)/reports/\(dataSet.name)/\(model.name).json"
    try Self.createFolder(of: file)
    try MetricReportOutput(json: false, file: file).write(report, to: file)
  }

  /// Writes each table as JSON and as Markdown.
  func write(_ tables: [ResultTable]) throws {
    for table in tables {
      try Self.write(table, to: "\(output)/tables/\(table.id).json")
      try Self.write(Data(table.markdown.utf8), to: "\(output)/tables/\(table.id).md")
    }
  }

  /// Writes a document and the folders above it.
  ///
  /// - Throws: ``CommandError/unwritable(path:reason:)``.
  static func write(_ document: some Encodable, to file: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    try write(try encoder.encode(document) + Data("\n".utf8), to: file)
  }

  private static func createFolder(of file: String) throws {
    let folder = (file as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch let error as CocoaError {
      throw CommandError.unwritable(path: folder, reason: FileReason(error))
    }
  }

  private static func write(_ data: Data, to file: String) throws {
    try createFolder(of: file)
    do {
      try data.write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch let error as CocoaError {
      throw CommandError.unwritable(path: file, reason: FileReason(error))
    }
  }
}

/// Tables of results for people.
enum ExperimentTables {
  /// Prints tables with their footnotes and notes.
  static func print(_ tables: [ResultTable]) {
    for (index, table) in tables.enumerated() {
      if index > 0 { Console.print("") }
      Console.print(table.title.printable)
      let cells = TableCells(table, isMarkdown: false)
      Console.print(table: cells.header, rows: cells.rows.map { $0.map(\.printable) })
      for (number, footnote) in cells.footnotes.enumerated() {
        Console.print("[\(number + 1)] \(footnote.printable)")
      }
      for origin in cells.origins { Console.print(origin.printable) }
      for note in table.notes { Console.print(note.printable) }
      for row in table.rows {
        for note in row.notes { Console.print("\(row.name.printable): \(note.printable)") }
      }
    }
  }
}
