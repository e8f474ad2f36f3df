import Evaluation
import Experiments
import Foundation
import Testing

struct ExperimentResultsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let here = Measurement(machine: "here", when: Date(timeIntervalSince1970: 0), commit: "c")

  private func experiment(_ tables: String, sets: [String] = ["f-Music"]) throws -> Experiment {
    let dataSets = sets.map { "  - {name: \($0), path: \($0)}" }.joined(separator: "\n")
    return try Experiment(
      contentsOf: folder.write(
        """
        name: e
        data_sets:
        \(dataSets)
        models:
          - {name: masks, predictions: "{data_set}"}
          - {name: words, descriptions: "{data_set}"}
          - {name: both, model: m, notes: [trained twice]}
        tables:
        \(tables)
        """, to: "e.yaml"))
  }

  private func report(_ value: Double) -> MetricReport {
    let names = ["mIoU", "F-score", "BLEU-1", "BLEU-4", "ROUGE-L", "METEOR", "CIDEr"]
    return MetricReport(
      signature: ["mIoU": "v1", "BLEU": "b1"],
      overall: MetricSet(
        counts: MetricCounts(clips: 5, frames: 9, captions: 9),
        values: Dictionary(
          uniqueKeysWithValues: names.map { ($0, MetricValue(value, ci95: [0, 1])) })),
      byCategory: [:], byClip: [:])
  }

  private let paper = [
    ResultTable(
      id: "single-task-f-music", title: "P",
      columns: [
        ResultColumn(metric: "mIoU", better: .higher),
        ResultColumn(metric: "BLEU", better: .higher),
      ],
      rows: [
        ResultRow(
          name: "theirs", dataset: "f-Music",
          provenance: .paperReported(Publication(source: "P")), values: ["mIoU": ResultValue(0.9)])
      ], notes: ["of the paper"])
  ]

  private func filled(_ experiment: Experiment) -> [ResultTable] {
    var results = ExperimentResults(experiment, paper: paper, origin: here)
    for (index, dataSet) in experiment.dataSets.enumerated() {
      let value = 0.5 + Double(index) / 10
      results.add(report(value), of: experiment.models[0], on: dataSet, task: .sss)
      results.add(report(value), of: experiment.models[1], on: dataSet, task: .avc)
      results.add(report(value), of: experiment.models[2], on: dataSet, task: .ssu)
    }
    return results.tables
  }

  @Test func `a single-task table shows each model's own figures, and the paper's rows marked`()
    throws
  {
    let table = try #require(filled(try experiment("  - {kind: single-task}")).first)
    #expect(table.id == "single-task-f-Music")
    #expect(table.rows.map(\.name) == ["masks", "words", "both", "theirs"])
    #expect(table.rows[0].values["mIoU"]?.ci95 == [0, 1] && table.rows[0].values["BLEU-1"] == nil)
    #expect(table.rows[1].values["mIoU"] == nil && table.rows[1].values["BLEU-4"]?.value == 0.5)
    #expect(table.rows[2].values["mIoU"] != nil && table.rows[2].values["CIDEr"] != nil)
    #expect(table.rows[2].notes == ["trained twice"])
    guard case .measured(let measurement) = table.rows[0].provenance else {
      Issue.record("not measured")
      return
    }
    #expect(measurement.clips == 5 && measurement.machine == "here" && measurement.commit == "c")
    #expect(measurement.signature["mIoU"] == "v1" && measurement.signature["BLEU-4"] == "b1")
    let ranking = try #require(table.ranking(by: "mIoU"))
    #expect(ranking.entries[0].row == 3 && ranking.entries[0].mark == 1)
    #expect(table.notes == ["of the paper"] && table.columns.contains { $0.metric == "BLEU" })
    #expect(table.markdown.contains("| theirs | paper-reported | **0.9000**<sup>1</sup> |"))
    #expect(
      table.markdown.contains(
        "- Measured 1970-01-01T00:00:00Z on here, commit c: masks (5 clips), words (5 clips), both")
    )
    #expect(table.markdown.contains("1. Paper-reported (P), not measured here."))
  }

  @Test func `paper rows can be had always or never, and by default only of the same data set`()
    throws
  {
    func rows(_ paper: String) throws -> Int {
      filled(try experiment("  - {kind: single-task, paper: \(paper)}", sets: ["samples"]))[0]
        .rows.count
    }
    #expect(try rows("matching") == 3)
    #expect(try rows("always") == 4)
    #expect(try rows("never") == 3)
  }

  @Test func `descriptions are means over the data sets, of models that make sentences`() throws {
    let tables = filled(try experiment("  - {kind: descriptions}", sets: ["a", "b"]))
    #expect(tables.count == 1 && tables[0].rows.map(\.name) == ["words", "both"])
    let value = try #require(tables[0].rows[0].values["METEOR"])
    #expect(abs(value.value - 0.55) < 1e-12 && value.ci95 == nil)
    #expect(tables[0].rows[0].dataset == "a and b, mean")
  }

  @Test func `an ablation keeps the order of its rows, a table for each data set`() throws {
    let tables = filled(
      try experiment("  - {kind: ablation, rows: [both, masks]}", sets: ["a", "b"]))
    #expect(tables.map(\.id) == ["ablation-a", "ablation-b"])
    #expect(tables[1].rows.map(\.name) == ["both", "masks"])
  }

  @Test func `a benchmark may say all figures itself`() throws {
    let experiment = try experiment("  - {kind: efficiency}")
    var results = ExperimentResults(experiment, paper: [], origin: here)
    let benchmark = try ModelBenchmark(
      contentsOf: folder.write(
        #"{"parameters": 319620000, "flops": 1.596e12, "seconds_per_sample": 0.117, "fps": 84.83,"#
          + #" "peak_memory_bytes": 250000000, "machine": "a GPU"}"#, to: "b.json"))
    results.add(
      benchmark, of: experiment.models[2], machine: "a GPU", when: Date(timeIntervalSince1970: 9))
    let row = try #require(results.tables[0].rows.first)
    #expect(
      row.values == [
        "parameters": ResultValue(319.62), "flops": ResultValue(1596),
        "seconds_per_sample": ResultValue(0.117), "frames_per_second": ResultValue(84.83),
        "peak_memory": ResultValue(250),
      ])
  }

  @Test func `efficiency is what the benchmark says, with its machine and time`() throws {
    let experiment = try experiment("  - {kind: efficiency}")
    var results = ExperimentResults(experiment, paper: [], origin: here)
    let benchmark = try ModelBenchmark(
      contentsOf: folder.write(
        #"{"frames": 10, "threads": 2, "parameters": 9000000, "seconds": {"model": {"median": 0.5}},"#
          + #" "machine": {"cpu": "x", "cores": 2}, "else": 1}"#, to: "b.json"))
    #expect(benchmark.machine?.words == "x, 2 cores")
    results.add(
      benchmark, of: experiment.models[2], machine: "there", when: Date(timeIntervalSince1970: 9))
    let row = try #require(results.tables[0].rows.first)
    #expect(
      row.values == [
        "parameters": ResultValue(9), "seconds_per_sample": ResultValue(0.5),
        "frames_per_second": ResultValue(20),
      ])
    guard case .measured(let measurement) = row.provenance else {
      Issue.record("not measured")
      return
    }
    #expect(measurement.machine == "there")
    #expect(throws: ExperimentError.self) {
      try ModelBenchmark(contentsOf: folder.write(#"{"frames": 10}"#, to: "c.json"))
    }
  }
}
