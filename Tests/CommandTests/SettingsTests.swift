import Foundation
import Testing

/// Where settings come from, and what is wrong with them.
@Suite struct SettingsTests {
  @Test(arguments: [
    ("colour: red", "unknown key “colour”"), ("- model", "no list of settings"),
    ("home: [", "avu.yaml cannot be used"), ("model: {a: b}", "avu.yaml cannot be used"),
  ])
  func `A file that cannot be used is a mistake of usage`(text: String, words: String) async throws
  {
    try await Home.with { home in
      try Data(text.utf8).write(to: URL(fileURLWithPath: home.file("avu.yaml")))
      let result = try await Program.run(
        ["db", "status"], environment: home.environment, in: home.path)
      #expect(result.status == 2)
      #expect(result.error.contains(words), "\(result.error)")
      #expect(result.error.split(separator: "\n").count == 1)
    }
  }

  @Test func `The environment goes before the file, the option before both`() async throws {
    try await Home.with { home in
      try Data("model: from-file".utf8).write(to: URL(fileURLWithPath: home.file("avu.yaml")))
      func missing(_ arguments: [String], _ environment: [String: String] = [:]) async throws
        -> String
      {
        let infer = ["infer", Program.checkout + "/samples", "--output", "out"] + arguments
        return try await Program.run(
          infer, environment: home.environment.merging(environment) { $1 }, in: home.path
        ).error
      }
      #expect(try await missing([]).contains("“from-file”"))
      #expect(try await missing([], ["AVU_MODEL": "from-env"]).contains("“from-env”"))
      #expect(
        try await missing(["--model", "from-option"], ["AVU_MODEL": "from-env"])
          .contains("“from-option”"))
    }
  }
}
