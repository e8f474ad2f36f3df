import Experiments
import Foundation
import Testing

struct RankingTests {
  private let paper = Provenance.paperReported(Publication(source: "A paper, table 1"))

  private func measured(_ convention: String = "v1", clips: Int = 9) -> Provenance {
    .measured(
      Measurement(
        machine: "a machine", when: Date(timeIntervalSince1970: 0), clips: clips,
        signature: ["mIoU": convention]))
  }

  private func row(
    _ name: String, _ value: Double?, _ provenance: Provenance, on dataset: String = "f-Music"
  ) -> ResultRow {
    ResultRow(
      name: name, dataset: dataset, provenance: provenance,
      values: value.map { ["mIoU": ResultValue($0)] } ?? [:])
  }

  private func table(
    _ rows: [ResultRow], better: ResultColumn.Better = .higher
  ) -> ResultTable {
    ResultTable(
      id: "t", title: "T", columns: [ResultColumn(metric: "mIoU", better: better)], rows: rows)
  }

  @Test func `a measured row is never ranked among paper-reported ones without a mark`() throws {
    let ranking = try #require(
      table([
        row("theirs", 0.6, paper), row("ours", 0.7, measured()), row("older", 0.5, paper),
      ]).ranking(by: "mIoU"))
    #expect(ranking.entries.map(\.row) == [1, 0, 2])
    #expect(ranking.entries.map(\.mark) == [nil, 1, 1])
    // Ours has the highest figure, and theirs is still the first of those it can be compared with.
    #expect(ranking.entries.map(\.place) == [1, 1, 2])
    #expect(ranking.footnotes == ["Paper-reported (A paper, table 1), not measured here."])
  }

  @Test func `a paper-reported row among measured ones is marked with its source`() throws {
    let ranking = try #require(
      table([
        row("one", 0.6, measured()), row("two", 0.6, measured()), row("theirs", 0.9, paper),
      ]).ranking(by: "mIoU"))
    #expect(ranking.entries.map(\.row) == [2, 0, 1])
    #expect(ranking.entries.map(\.mark) == [1, nil, nil])
    #expect(ranking.entries.map(\.place) == [1, 1, 1])
    #expect(ranking.footnotes == ["Paper-reported (A paper, table 1), not measured here."])
  }

  @Test func `other data sets and other conventions stand apart, too`() throws {
    let ranking = try #require(
      table([
        row("one", 0.6, measured()), row("two", 0.5, measured()),
        row("other rule", 0.8, measured("v2")), row("elsewhere", 0.7, measured(), on: "samples"),
      ]).ranking(by: "mIoU"))
    #expect(ranking.entries.map(\.mark) == [1, 2, nil, nil])
    #expect(
      ranking.footnotes == [
        "Measured here, by other conventions: v2.", "Measured here, on samples.",
      ])
    #expect(ranking.leaders.count == 3)
  }

  @Test func `a figure of other clips of the data set stands apart`() throws {
    let ranking = try #require(
      table([
        row("one", 0.6, measured()), row("two", 0.5, measured()),
        row("half of them", 0.8, measured(clips: 4)),
      ]).ranking(by: "mIoU"))
    #expect(ranking.entries.map(\.mark) == [1, nil, nil])
    #expect(ranking.footnotes == ["Measured here, on another number of clips (4)."])
  }

  @Test func `less is better where the column says so, and a row without the figure has no place`()
    throws
  {
    let ranking = try #require(
      table(
        [row("slow", 2, paper), row("unknown", nil, paper), row("quick", 1, paper)],
        better: .lower
      ).ranking(by: "mIoU"))
    #expect(ranking.entries.map(\.row) == [2, 0])
    #expect(ranking.footnotes.isEmpty)
    #expect(table([]).ranking(by: "BLEU") == nil)
  }
}
