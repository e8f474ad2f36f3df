import Foundation
import Postgres
import Testing

/// Roles of the server that may do their part and nothing else.
@Suite(.serialized) struct RoleTests {
  private static let clip = Program.checkout + "/samples/dog-then-pigeon"

  /// A database with a role for each profile; gives what the program is run with as one of them.
  private func withRoles(
    _ body: (Home, _ role: @escaping (String) -> [String: String]) async throws -> Void
  ) async throws {
    try await Home.with { home in
      let started = try await home.run("db", "start")
      #expect(started.status == 0, "\(started.error)")
      let target = try await PrivateCluster(home: home.path + "/home").start()
      let owner = try await Connection.connect(to: target)
      for profile in ["reader", "worker", "submitter"] {
        try await owner.executeScript("CREATE ROLE \"the \(profile)\" LOGIN")
        let granted = try await home.run("db", "grant", "the \(profile)", "--as", profile)
        #expect(granted.status == 0, "\(granted.error)")
      }
      await owner.close()
      guard case .socket(let directory, let database, _) = target.address else {
        Issue.record("\(target)")
        return
      }
      try await body(home) { profile in
        [
          "AVU_DATABASE_URL":
            "host='\(directory)' port=5432 dbname='\(database)' user='the \(profile)'"
        ]
      }
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `Submitter, worker and reader do a collection together`() async throws {
    try await withRoles { home, role in
      let submitted = try await Program.run(
        ["submit", Self.clip, "--collection", "dogs", "--truth", Program.checkout + "/samples"],
        environment: role("submitter"))
      #expect(submitted.status == 0, "\(submitted.error)")
      let worked = try await Program.run(["work", "--drain"], environment: role("worker"))
      #expect(worked.status == 0, "\(worked.error)")
      for command in [
        ["status"], ["jobs", "list"], ["queue", "metrics"],
        ["report", "build", "--output", home.file("site")],
      ] {
        let read = try await Program.run(command, environment: role("reader"))
        #expect(read.status == 0, "\(command): \(read.error)")
      }
      for command in [["queue", "pause"], ["queue", "resume"], ["jobs", "retry", "--all"]] {
        let steered = try await Program.run(command, environment: role("submitter"))
        #expect(steered.status == 0, "\(command): \(steered.error)")
      }
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `None of them may do another's part`() async throws {
    try await withRoles { home, role in
      let submit = ["submit", Self.clip, "--collection", "dogs"]
      for (profile, command) in [
        ("reader", submit), ("worker", submit), ("reader", ["queue", "pause"]),
        ("reader", ["work", "--drain"]),
        ("reader", ["db", "grant", "the reader", "--as", "worker"]),
      ] {
        let refused = try await Program.run(command, environment: role(profile))
        #expect(refused.status != 0, "\(profile): \(command)")
        #expect(refused.error.contains("permission denied"), "\(profile): \(refused.error)")
      }
      let connection = try await Connection.connect(
        to: ConnectionTarget(.url(role("submitter")["AVU_DATABASE_URL"] ?? ""), schema: "avu"))
      await #expect(throws: PostgresError.self) {
        try await connection.executeScript("DELETE FROM prediction")
      }
      await connection.close()
      let unknown = try await home.run("db", "grant", "nobody here", "--as", "reader")
      #expect(unknown.status == 2 && unknown.error.contains("nobody here"), "\(unknown.error)")
    }
  }
}
