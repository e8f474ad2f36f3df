import Experiments
import Foundation
import Testing

struct PaperTableTests {
  private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  private static let notes = checkout + "/../shared/research/avu-paper.md"

  private func tables() throws -> [String: ResultTable] {
    Dictionary(uniqueKeysWithValues: try PaperTables.all(in: Self.checkout).map { ($0.id, $0) })
  }

  @Test func `all of the paper's tables ship, and every row names its source`() throws {
    let tables = try tables()
    #expect(
      tables.keys.sorted() == [
        "ablation-f-lifescene", "descriptions", "efficiency", "single-task-f-lifescene",
        "single-task-f-music",
      ])
    for table in tables.values {
      #expect(!table.notes.isEmpty)
      for row in table.rows {
        guard case .paperReported(let publication) = row.provenance else {
          Issue.record("\(table.id): \(row.name) is not marked as paper-reported")
          continue
        }
        #expect(publication.source.contains("arXiv 2603.09809") && publication.url != nil)
        let known = Set(table.columns.map(\.metric))
        #expect(!row.values.isEmpty && Set(row.values.keys).isSubset(of: known))
      }
    }
  }

  @Test func `the full model leads its tables, and marks nothing, for all rows are the paper's`()
    throws
  {
    for id in ["single-task-f-music", "single-task-f-lifescene"] {
      let table = try #require(try tables()[id])
      for metric in ["mIoU", "BLEU", "ROUGE-L", "METEOR"] {
        let ranking = try #require(table.ranking(by: metric))
        #expect(table.rows[ranking.entries[0].row].name == "SSU (SSUFormer)")
        #expect(ranking.footnotes.isEmpty)
      }
    }
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: notes), "skipped, needs the notes"))
  func `every figure is the one that was read from the paper`() throws {
    let text = try String(contentsOfFile: Self.notes, encoding: .utf8)
    let headings = [
      "single-task-f-music": "### 2.1", "single-task-f-lifescene": "### 2.2",
      "descriptions": "### 2.3", "ablation-f-lifescene": "### 2.4", "efficiency": "### 2.5",
    ]
    for (id, heading) in headings {
      let table = try #require(try tables()[id])
      let found = try #require(text.range(of: heading))
      let lines = text[found.upperBound...].split(separator: "\n").drop { !$0.hasPrefix("|---") }
        .dropFirst().prefix { $0.hasPrefix("|") }
      #expect(lines.count == table.rows.count, "\(id)")
      for (line, row) in zip(lines, table.rows) {
        let cells = line.split(separator: "|").dropFirst().map(Self.number)
        #expect(
          cells == table.columns.map { row.values[$0.metric]?.value }, "\(id): \(row.name): \(line)"
        )
      }
    }
  }

  /// The number in a cell of the notes: `**2.65 T**` is 2650 G, `6.76 B` is 6760 M.
  private static func number(_ cell: Substring) -> Double? {
    let words = cell.replacing("*", with: "").split(separator: " ")
    guard let value = words.first.flatMap({ Double($0) }) else { return nil }
    return ["T", "B"].contains(words.last) ? (value * 100_000).rounded() / 100 : value
  }
}
