import Foundation
import Testing

/// Experiments, from the file to the filled tables, on the sample clips.
struct ExperimentTests {
  /// A table, as far as tests look into it.
  private struct Table: Decodable {
    struct Row: Decodable {
      struct Provenance: Decodable {
        let kind: String
        let machine: String?
        let when: String?
        let clips: Int?
      }
      struct Value: Decodable { let value: Double }
      let name: String
      let provenance: Provenance
      let values: [String: Value]
    }
    let id: String
    let rows: [Row]
  }

  private func write(_ text: String, to name: String, in home: Home) throws -> String {
    let file = home.file(name)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  private func tables(_ output: String) throws -> [String: Table] {
    Dictionary(
      uniqueKeysWithValues: try JSONDecoder().decode([Table].self, from: Data(output.utf8)).map {
        ($0.id, $0)
      })
  }

  /// Two of the sample clips, so that the model has little to do.
  private func addDataSet(in home: Home) throws {
    let files = FileManager.default
    try files.createDirectory(atPath: home.file("set"), withIntermediateDirectories: true)
    for clip in ["dog-then-pigeon", "watch-beside-pigeon"] {
      try files.copyItem(
        atPath: "\(Program.checkout)/samples/\(clip)", toPath: home.file("set/\(clip)"))
    }
  }

  private let text = """
    name: first
    data_sets:
      - {name: f-Music, path: set}
    models:
      - {name: ours, model: avuformer-lite}
      - {name: talker, descriptions: said.jsonl}
    tables:
      - {kind: single-task}
      - {kind: descriptions, paper: never}
      - {kind: efficiency}
    """

  private let said = """
    {"clip": "dog-then-pigeon", "caption": "The dog is barking."}
    {"clip": "watch-beside-pigeon", "caption": "The watch is ticking."}

    """

  @Test func `an experiment predicts what is missing, fills its tables and goes on where it was`()
    async throws
  {
    try await Home.with { home in
      try addDataSet(in: home)
      let file = try write(text, to: "first.yaml", in: home)
      _ = try write(said, to: "said.jsonl", in: home)
      let run = try await home.run(
        "evaluate", "--experiment", file, "--output", home.file("out"), "--json")
      #expect(run.status == 0, "\(run.error)")
      let tables = try tables(run.output)
      let single = try #require(tables["single-task-f-Music"])
      #expect(single.rows.prefix(2).map(\.name) == ["ours", "talker"])
      #expect(single.rows.count == 10)
      #expect(single.rows[0].provenance.kind == "measured" && single.rows[0].provenance.clips == 2)
      #expect(single.rows[0].provenance.machine?.contains("cores") == true)
      #expect(single.rows[0].values["mIoU"] != nil && single.rows[1].values["mIoU"] == nil)
      #expect(single.rows.dropFirst(2).allSatisfy { $0.provenance.kind == "paper-reported" })
      #expect(tables["descriptions"]?.rows.map(\.name) == ["ours", "talker"])
      let speed = try #require(tables["efficiency"]?.rows.first)
      #expect((speed.values["seconds_per_sample"]?.value ?? 0) > 0)
      #expect((speed.values["parameters"]?.value ?? 0) > 1)

      // The second run computes nothing again and says the same.
      let prediction = home.file("out/predictions/f-Music/ours/dog-then-pigeon/prediction.json")
      let before = try FileManager.default.attributesOfItem(atPath: prediction)[.modificationDate]
      let again = try await home.run("evaluate", "--experiment", file, "--output", home.file("out"))
      #expect(again.status == 0, "\(again.error)")
      #expect(again.output.contains("Single-task comparison on f-Music"))
      #expect(again.output.contains("[1] Paper-reported"))
      let after = try FileManager.default.attributesOfItem(atPath: prediction)[.modificationDate]
      #expect(before as? Date == after as? Date)
      let page = try String(
        contentsOfFile: home.file("out/tables/single-task-f-Music.md"), encoding: .utf8)
      #expect(page.contains("| SSU (SSUFormer) | paper-reported |"))
    }
  }

  @Test func `an experiment's work goes through the queue and its tables fill when it is done`()
    async throws
  {
    try await Home.with { home in
      try addDataSet(in: home)
      let file = try write(text, to: "first.yaml", in: home)
      _ = try write(said, to: "said.jsonl", in: home)
      let queued = try await home.run(
        "evaluate", "--experiment", file, "--output", home.file("out"), "--queue", "--json")
      #expect(queued.status == 3, "\(queued.error)")
      #expect(queued.error.contains("ours, f-Music: dog-then-pigeon: it has ground truth, but no"))
      let first = try #require(try tables(queued.output)["single-task-f-Music"])
      #expect(first.rows[0].values.isEmpty && first.rows[1].values["BLEU-1"] != nil)
      let work = try await home.run("work", "--drain")
      #expect(work.status == 0, "\(work.error)")
      let done = try await home.run(
        "evaluate", "--experiment", file, "--output", home.file("out"), "--queue", "--json")
      #expect(done.status == 0, "\(done.error)")
      let table = try #require(try tables(done.output)["single-task-f-Music"])
      #expect(table.rows[0].provenance.clips == 2 && table.rows[0].values["mIoU"] != nil)
      #expect(!FileManager.default.fileExists(atPath: home.file("out/predictions")))
      // The same without the queue is the same to the last byte.
      let here = try await home.run(
        "evaluate", "--experiment", file, "--output", home.file("here"), "--json")
      #expect(here.status == 0, "\(here.error)")
      let reports = try ["out", "here"].map {
        try Data(contentsOf: URL(fileURLWithPath: home.file("\($0)/reports/f-Music/ours.json")))
      }
      #expect(reports[0] == reports[1])
    }
  }

  @Test func `an ablation of imported predictions stands beside the paper's steps`() async throws {
    try await Home.with { home in
      let files = try ClipFiles()
      for name in ["one", "two", "three"] {
        try files.addTruth(name)
        try files.addPrediction(name, first: name == "one" ? [1, 0, 0, 0] : [1, 0, 1, 0])
      }
      let file = try write(
        """
        name: steps
        data_sets: [{name: f-Lifescene, path: "\(files.truth)"}]
        models:
          - {name: without MCM, predictions: "\(files.predictions)", task: ssu}
          - {name: with MCM, predictions: "\(files.predictions)", task: ssu}
        tables: [{kind: ablation}]
        """, to: "steps.yaml", in: home)
      let run = try await home.run(
        "evaluate", "--experiment", file, "--output", home.file("out"), "--json")
      #expect(run.status == 0, "\(run.error)")
      let table = try #require(try tables(run.output).values.first)
      let measured = table.rows.filter { $0.provenance.kind == "measured" }
      #expect(measured.map(\.name) == ["without MCM", "with MCM"])
      #expect(measured.allSatisfy { abs(($0.values["mIoU"]?.value ?? 0) - 11.0 / 12) < 1e-6 })
      #expect(table.rows.contains { $0.name.contains("MoHE") && $0.provenance.kind != "measured" })
    }
  }

  @Test func `what cannot be scored is listed, and a wrong file is a usage error`() async throws {
    try await Home.with { home in
      try addDataSet(in: home)
      let file = try write(
        "name: x\ndata_sets: [{name: s, path: set}]\nmodels: [{name: t, descriptions: said.jsonl}]",
        to: "x.yaml", in: home)
      _ = try write(
        "{\"clip\": \"dog-then-pigeon\", \"caption\": \"The dog.\"}\nnonsense\n", to: "said.jsonl",
        in: home)
      let run = try await home.run("evaluate", "--experiment", file, "--output", home.file("out"))
      #expect(run.status == 3)
      #expect(run.error.contains("said.jsonl:2") && run.error.contains("watch-beside-pigeon"))
      let strict = try await home.run(
        "evaluate", "--experiment", file, "--output", home.file("out"), "--strict")
      #expect(strict.status == 2 && strict.error.contains("said.jsonl:2"))
      let wrong = try await home.run(
        "evaluate", "--experiment", try write("name: x\nmodels: 1", to: "y.yaml", in: home))
      #expect(wrong.status == 2 && wrong.error.contains("y.yaml"))
      let both = try await home.run("evaluate", "--experiment", file, "--truth", "t")
      #expect(both.status == 2 && both.error.contains("do not go with --experiment"))
    }
  }
}
