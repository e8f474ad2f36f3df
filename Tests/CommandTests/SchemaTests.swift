import Foundation
import Testing

/// Several schemas in one database: each has clips, results and a queue of its own.
@Suite(.serialized) struct SchemaTests {
  @Test(.timeLimit(.minutes(3)))
  func `Two schemas of one database know nothing of each other`() async throws {
    try await Home.with { home in
      func run(in schema: String, _ arguments: String...) async throws -> String {
        let result = try await Program.run(
          arguments,
          environment: home.environment.merging(["AVU_SCHEMA": schema]) { $1 })
        #expect(result.status == 0, "\(schema), \(arguments): \(result.error)")
        return result.output
      }
      func states(in schema: String) async throws -> [String] {
        struct Page: Decodable {
          struct Job: Decodable { let state: String }
          let jobs: [Job]
        }
        let output = try await run(in: schema, "jobs", "list", "--json")
        return try JSONDecoder().decode(Page.self, from: Data(output.utf8)).jobs.map(\.state)
      }
      try home.makeClips(1, in: "clips")
      _ = try await run(in: "trial", "submit", home.file("clips"), "--collection", "one")
      _ = try await run(in: "real_1", "submit", home.file("clips"), "--collection", "one")
      _ = try await run(in: "real_1", "queue", "pause")
      _ = try await run(in: "trial", "work", "--drain")
      #expect(try await states(in: "trial") == ["done"])
      #expect(try await states(in: "real_1") == ["waiting"])
      #expect(try await states(in: "avu").isEmpty)
    }
  }

  @Test(arguments: [
    "Trial", "pg_trial", "a b", "1st", "x\"; DROP SCHEMA avu; --", "information_schema",
  ])
  func `A schema that cannot have its name is a mistake of usage`(name: String) async throws {
    let result = try await Program.run(["db", "status"], environment: ["AVU_SCHEMA": name])
    #expect(result.status == 2)
    #expect(result.error.contains("no name for a schema"), "\(result.error)")
  }
}
