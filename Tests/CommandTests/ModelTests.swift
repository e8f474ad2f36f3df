import Foundation
import Testing

struct ModelTests {
  private static let name = "avuformer-lite"
  private let files: ClipFiles

  init() throws { files = try ClipFiles() }

  private func model(
    _ arguments: String..., models: String? = nil
  ) async throws -> (status: Int32, output: String, error: String) {
    try await Program.run(
      ["model"] + arguments, environment: models.map { ["AVU_MODELS": $0] } ?? [:])
  }

  /// A folder of models that holds a copy of the shipped one, with some weights changed.
  private func changedModels() throws -> String {
    let models = files.path + "/models"
    try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
    let copy = "\(models)/\(Self.name)"
    try FileManager.default.copyItem(
      atPath: "\(Program.checkout)/models/\(Self.name)", toPath: copy)
    let weights = URL(fileURLWithPath: copy + "/model.safetensors")
    var bytes = try Data(contentsOf: weights)
    // Half-precision ones in the middle of the file: another model, but no damaged one.
    let middle = bytes.count / 2 & ~1
    for place in stride(from: middle, to: middle + 20_000, by: 2) {
      bytes[place] = 0x00
      bytes[place + 1] = 0x3C
    }
    try bytes.write(to: weights)
    return models
  }

  @Test func `installed models are listed and described`() async throws {
    let list = try await model("list")
    #expect(list.status == 0, "\(list.error)")
    #expect(list.output.contains(Self.name))
    let info = try await model("info", Self.name, "--json")
    #expect(info.status == 0, "\(info.error)")
    struct Info: Decodable {
      let name: String
      let parameters: Int
      let sha256: String
      let categories: [String]
    }
    let found = try JSONDecoder().decode(Info.self, from: Data(info.output.utf8))
    #expect(found.name == Self.name)
    #expect((1_000_000...15_000_000).contains(found.parameters))
    #expect(found.sha256.count == 64)
    #expect(found.categories.contains("violin"))
  }

  @Test func `a model that is not installed is named with those that are`() async throws {
    for command in ["info", "verify", "benchmark"] {
      let result = try await model(command, "no-such-model")
      #expect(result.status == 2)
      #expect(result.error.contains("no-such-model") && result.error.contains(Self.name))
    }
  }

  @Test func `a damaged model does not hide the others`() async throws {
    let models = try changedModels()
    try files.write("no weights", to: "models/broken/model.safetensors")
    let result = try await model("list", models: models)
    #expect(result.status == 3)
    #expect(result.output.contains(Self.name))
    #expect(result.error.hasPrefix("broken: "))
  }

  @Test func `the shipped model computes what its definition says`() async throws {
    let result = try await model("verify", Self.name)
    #expect(result.status == 0, "\(result.output)\(result.error)")
    #expect(result.output.contains("description_decoder"))
    #expect(result.output.contains("tensors agree with"))
  }

  #if arch(x86_64)
    @Test(arguments: ["baseline", "x86-64-v3"])
    func `other processors' instructions compute the same`(instructions: String) async throws {
      let result = try await Program.run(
        ["model", "verify", Self.name], environment: ["AVU_INSTRUCTIONS": instructions])
      #expect(result.status == 0, "\(result.output)\(result.error)")
    }

    @Test func `a precision that the processor does not have is refused`() async throws {
      let result = try await Program.run(
        ["model", "benchmark", Self.name, "--precision", "bf16", "--runs", "1"],
        environment: ["AVU_INSTRUCTIONS": "x86-64-v3"])
      #expect(result.status == 2)
      #expect(result.error.contains("no instructions for products in bf16"), "\(result.error)")
    }
  #endif

  @Test func `instructions that nothing is compiled for are refused`() async throws {
    let result = try await Program.run(
      ["model", "verify", Self.name], environment: ["AVU_INSTRUCTIONS": "mmx"])
    #expect(result.status == 2)
    #expect(result.error.contains("AVU_INSTRUCTIONS is “mmx”"), "\(result.error)")
  }

  @Test func `a model with other weights fails its check with status 1`() async throws {
    struct Row: Decodable {
      let block: String
      let ok: Bool
    }
    let result = try await model("verify", Self.name, "--json", models: try changedModels())
    #expect(result.status == 1, "\(result.error)")
    let rows = try JSONDecoder().decode([Row].self, from: Data(result.output.utf8))
    #expect(rows.contains { !$0.ok })
    // What comes before the weights is right.
    #expect(rows.contains { $0.block == "0.log_mel" && $0.ok })
  }

  @Test func `a file that holds no golden tensors is refused`() async throws {
    let file = try files.write("hello", to: "goldens.safetensors")
    let result = try await model("verify", Self.name, "--goldens", file)
    #expect(result.status == 2)
    #expect(result.error.contains(file))
  }

  @Test func `a clip is timed`() async throws {
    struct Result: Decodable {
      struct Times: Decodable {
        let median: Double
        let min: Double
        let max: Double
        let n: Int
      }
      let frames: Int
      let seconds: [String: Times]
    }
    let result = try await model("benchmark", Self.name, "--runs", "3", "--json")
    #expect(result.status == 0, "\(result.error)")
    let found = try JSONDecoder().decode(Result.self, from: Data(result.output.utf8))
    #expect(found.frames == 10)
    let times = try #require(found.seconds["model"])
    #expect(times.n == 3)
    #expect(0 < times.min && times.min <= times.median && times.median <= times.max)
  }

  @Test func `a benchmark refuses impossible options and files that are no videos`() async throws {
    for options in [["--runs", "0"], ["--threads", "0"], ["--frames", "0"], ["--runs", "many"]] {
      let result = try await Program.run(["model", "benchmark", Self.name] + options)
      #expect(result.status == 2)
      #expect(result.error.contains(options[0]))
    }
    let file = try files.write("no video", to: "clip.mp4")
    let result = try await model("benchmark", Self.name, "--video", file)
    #expect(result.status == 2)
    #expect(result.error.contains(file))
  }
}
