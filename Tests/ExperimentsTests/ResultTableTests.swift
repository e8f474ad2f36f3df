import Experiments
import Foundation
import Testing

struct ResultTableTests {
  private func read(_ text: String) throws -> ResultTable {
    try JSONDecoder().decode(ResultTable.self, from: Data(text.utf8))
  }

  @Test func `a table is read with numbers or values with intervals, and written the same`() throws
  {
    let table = try read(
      """
      {"id": "t", "title": "T",
       "columns": [{"metric": "mIoU", "better": "higher"},
                   {"metric": "time", "title": "Time", "unit": "s", "better": "lower"}],
       "rows": [
         {"name": "a", "dataset": "d", "provenance": {"kind": "paper-reported", "source": "P"},
          "values": {"mIoU": 0.5}},
         {"name": "b", "dataset": "d", "notes": ["n"], "provenance":
           {"kind": "measured", "machine": "m", "when": "2026-11-25T04:00:00Z", "commit": "c",
            "clips": 3, "signature": {"mIoU": "s"}},
          "values": {"mIoU": {"value": 0.6, "ci95": [0.5, 0.7]}}}]}
      """)
    #expect(table.rows[0].values["mIoU"] == ResultValue(0.5))
    #expect(!table.rows[0].provenance.isMeasured)
    #expect(table.rows[1].values["mIoU"]?.ci95 == [0.5, 0.7])
    #expect(table.columns.map(\.title) == ["mIoU", "Time"])
    #expect(table.filledColumns.map(\.metric) == ["mIoU"])
    guard case .measured(let measurement) = table.rows[1].provenance else {
      Issue.record("not measured")
      return
    }
    #expect(measurement.when == Date(timeIntervalSince1970: 1_795_579_200))
    #expect(try read(String(decoding: JSONEncoder().encode(table), as: UTF8.self)) == table)
  }

  @Test func `a row that does not say where it is from is refused`() throws {
    #expect(throws: DecodingError.self) {
      try read(
        #"{"id": "t", "title": "T", "columns": [], "rows": [{"name": "a", "dataset": "d","#
          + #" "values": {}}]}"#)
    }
    let file = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data(#"{"id": "t", "title": "T", "columns": [{"metric": "m", "better": "more"}]}"#.utf8)
      .write(to: URL(fileURLWithPath: file))
    let error = #expect(throws: ExperimentError.self) { try ResultTable(contentsOf: file) }
    #expect(
      error?.description.contains("columns[0].better") == true, "\(String(describing: error))")
  }
}
