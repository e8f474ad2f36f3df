import Experiments
import Testing

struct ExperimentFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String) throws -> Experiment {
    try Experiment(contentsOf: folder.write(text, to: "experiment.yaml"))
  }

  private func message(_ text: String) throws -> String {
    let error = #expect(throws: ExperimentError.self) { try read(text) }
    return error.map { "\($0)" } ?? ""
  }

  @Test func `a YAML file is read, its paths from its own folder`() throws {
    let experiment = try read(
      """
      name: first
      data_sets:
        - {name: a, path: sets/a, split: test}
        - {name: b, path: /sets/b}
      models:
        - {name: ours, model: avuformer-lite, task: ssu-s, notes: [new]}
        - {name: theirs, predictions: "runs/{data_set}", benchmark: theirs.json}
        - {name: talker, descriptions: "{data_set}.jsonl"}
      tables:
        - {kind: single-task, rows: [theirs, ours], paper: never}
        - {kind: efficiency}
      """)
    #expect(experiment.dataSets.map(\.path) == [folder.path + "/sets/a", "/sets/b"])
    #expect(experiment.dataSets.map(\.title) == ["a (test)", "b"])
    #expect(
      experiment.models.map(\.answers) == [
        .model("avuformer-lite"), .predictions(folder.path + "/runs/{data_set}"),
        .descriptions(folder.path + "/{data_set}.jsonl"),
      ])
    #expect(experiment.models[0].task == .ssuS)
    #expect(experiment.models[1].benchmark == folder.path + "/theirs.json")
    #expect(experiment.tables.map(\.kind) == [.singleTask, .efficiency])
    #expect(experiment.tables[0].rows == ["theirs", "ours"])
    #expect(experiment.tables.map(\.paper) == [.never, .matching])
  }

  @Test func `JSON is read as well, and without tables there is the single-task comparison`() throws
  {
    let experiment = try read(
      #"{"name": "j", "data_sets": [{"name": "a", "path": "a"}],"#
        + #" "models": [{"name": "m", "model": "x"}]}"#)
    #expect(experiment.tables.map(\.kind) == [.singleTask])
  }

  @Test(arguments: [
    ("name: x\nmodels: [{name: m, model: x}]\ndatasets: []", "unknown key “datasets”"),
    (
      "name: x\ndata_sets: [{name: a, path: a, splitt: t}]\nmodels: []",
      "data_sets[0]”: unknown key"
    ),
    ("name: x\ndata_sets: [{name: a, path: a}]\nmodels: [{name: m}]", "needs one of model"),
    (
      "name: x\ndata_sets: [{name: a, path: a}]\nmodels: [{name: m, model: x, predictions: y}]",
      "needs one of model"
    ),
    ("name: x\ndata_sets: [{name: a, path: a}]\nmodels: []", "models is empty"),
    ("name: x\nmodels: [{name: m, model: x}]", "data_sets is missing"),
    (
      "name: x\ndata_sets: [{name: a, path: a}]\nmodels: [{name: m, model: x, task: ssp}]",
      "models[0].task"
    ),
    (
      "name: x\ndata_sets: [{name: a, path: a}]\nmodels: [{name: ../m, model: x}]",
      "cannot be the name of a folder"
    ),
    (
      "name: x\ndata_sets: [{name: a, path: a}]\nmodels: [{name: m, model: x}, {name: m, model: y}]",
      "“m” twice"
    ),
    (
      "name: x\ndata_sets: [{name: a, path: a}]\nmodels: [{name: m, model: x}]\n"
        + "tables: [{kind: ablation, rows: [n]}]", "has a row “n”"
    ),
    (
      "name: x\ndata_sets: [{name: a, path: a}, {name: b, path: b}]\n"
        + "models: [{name: m, predictions: y}]", "need {data_set} in their path"
    ),
    ("name: [", "not a document of this kind"), ("", "experiment.yaml"),
  ])
  func `a mistake is named with its place`(_ text: String, _ words: String) throws {
    let message = try message(text)
    #expect(message.contains(words), "\(message)")
    #expect(message.contains("experiment.yaml"))
  }
}
