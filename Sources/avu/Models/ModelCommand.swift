import AVUModel
import ArgumentParser
import Foundation
import Workers

/// Looks at installed models.
struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Look at, check and time installed models.",
    discussion: """
      EXAMPLES:
        avu model list
        avu model info avuformer-lite
        avu model verify avuformer-lite
        avu model benchmark avuformer-lite
      """,
    subcommands: [List.self, Info.self, Verify.self, Benchmark.self])
}

/// What is known of a model without computing anything.
struct ModelSummary: Encodable {
  let name: String
  let task: String
  let taskSummary: String
  let folder: String
  let sha256: String
  let weightsBytes: Int
  let parameters: Int
  let imageWidth: Int
  let imageHeight: Int
  let sampleRate: Int
  let presenceThreshold: Float
  let categories: [String]

  enum CodingKeys: String, CodingKey {
    case name, task, folder, sha256, parameters, categories
    case weightsBytes = "weights_bytes"
    case imageWidth = "image_width"
    case imageHeight = "image_height"
    case sampleRate = "sample_rate"
    case presenceThreshold = "presence_threshold"
  }

  /// Reads a model.
  ///
  /// - Parameter entry: Where it is.
  /// - Throws: `ModelError` when the model is damaged or incomplete.
  init(_ entry: ModelLibrary.Entry) throws {
    let model = try AVUFormer(directory: entry.directory)
    let configuration = model.configuration
    let weights = try FileManager.default.attributesOfItem(
      atPath: entry.directory + "/model.safetensors")
    name = entry.name
    task = configuration.task
    taskSummary = configuration.taskSummary
    folder = entry.directory
    sha256 = entry.sha256
    weightsBytes = weights[.size] as? Int ?? 0
    parameters = model.parameterCount
    imageWidth = configuration.imageWidth
    imageHeight = configuration.imageHeight
    sampleRate = configuration.sampleRate
    presenceThreshold = configuration.presenceThreshold
    categories = configuration.categories.map(\.name)
  }

  /// The size of the weights as people say it.
  var megabytes: String { String(format: "%.1f MB", Double(weightsBytes) / 1e6) }

  /// The number of parameters as people say it.
  var millions: String { String(format: "%.2f million", Double(parameters) / 1e6) }
}

extension ModelCommand {
  /// Lists the installed models.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the installed models.",
      discussion: """
        A model that is damaged is listed on standard error; the exit status is then 3.

        EXAMPLES:
          avu model list
          avu model list --json | jq -r '.[].sha256'
        """)

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func run() throws {
      let settings = try Settings.load()
      var models: [ModelSummary] = []
      var isComplete = true
      for entry in try ModelLibrary(directory: settings.models).entries() {
        do {
          models.append(try ModelSummary(entry))
        } catch {
          isComplete = false
          Console.error("\(entry.name.printable): \(error)")
        }
      }
      try show(models, settings)
      if !isComplete { throw ExitStatus.partial.exitCode }
    }

    private func show(_ models: [ModelSummary], _ settings: Settings) throws {
      if json { return try Console.print(json: models) }
      if models.isEmpty { return Console.print("No model is installed in \(settings.models).") }
      Console.print(
        table: ["model", "task", "parameters", "weights", "SHA-256", ""],
        rows: models.map {
          [
            $0.name.printable, $0.task, $0.millions, $0.megabytes, String($0.sha256.prefix(12)),
            $0.name == settings.model ? "default" : "",
          ]
        })
    }
  }

  /// Says what a model is.
  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "info", abstract: "Say what a model is.",
      discussion: """
        EXAMPLES:
          avu model info avuformer-lite
          avu model info avuformer-lite --json | jq '.categories'
        """)

    @Argument(help: ArgumentHelp("The model.", valueName: "name"))
    var name: String

    @Flag(help: "Print JSON instead of text.")
    var json = false

    func run() throws {
      let library = ModelLibrary(directory: try Settings.load().models)
      let model = try ModelSummary(try library.entry(named: name))
      if json { return try Console.print(json: model) }
      let card = model.folder + "/MODEL_CARD.md"
      var rows = [
        ["task", "\(model.task) (\(model.taskSummary))"], ["folder", model.folder],
        ["SHA-256 of the weights", model.sha256],
        ["weights", model.megabytes], ["parameters", model.millions],
        ["picture", "\(model.imageWidth)×\(model.imageHeight) pixels"],
        ["sound", "\(model.sampleRate) Hz, one channel"],
        ["something sounds", "from a probability of \(model.presenceThreshold)"],
        ["categories", "\(model.categories.count): \(model.categories.joined(separator: ", "))"],
      ]
      if FileManager.default.fileExists(atPath: card) { rows.append(["model card", card]) }
      Console.print(table: ["model", model.name], rows: rows.map { $0.map(\.printable) })
    }
  }
}
