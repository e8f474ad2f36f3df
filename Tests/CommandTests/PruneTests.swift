import Foundation
import Postgres
import Testing

/// Forgetting jobs from the command line.
@Suite struct PruneTests {
  @Test func `Old cancelled jobs are forgotten, young and failed ones stay`() async throws {
    try await Home.with { home in
      for name in ["old", "young", "failed"] {
        try Data("no video: \(name)".utf8).write(
          to: URL(fileURLWithPath: home.file("\(name).mp4")))
      }
      _ = try await home.run("submit", home.file("failed.mp4"), "--collection", "failed")
      _ = try await home.run("work", "--drain", "--concurrency", "1")
      for name in ["old", "young"] {
        _ = try await home.run("submit", home.file("\(name).mp4"), "--collection", name)
      }
      _ = try await home.run("jobs", "cancel", "--all")
      let target = try await PrivateCluster(home: home.path + "/home").start()
      let connection = try await Connection.connect(to: target)
      try await connection.executeScript(
        """
        UPDATE avu.finished SET finished_at = finished_at - interval '40 days'
        WHERE group_id <> (SELECT id FROM avu.job_group WHERE name = 'young')
        """)
      await connection.close()

      #expect(try await prune(home) == "0 jobs are forgotten.\n")
      #expect(
        try await prune(home, "--older-than", "30d", "--dry-run")
          == "1 job would be forgotten.\n")
      #expect(try await home.states() == ["cancelled": 2, "failed": 1])
      #expect(try await prune(home, "--older-than", "30d") == "1 job is forgotten.\n")
      #expect(try await home.states() == ["cancelled": 1, "failed": 1])
      _ = try await home.run("queue", "policy", "set", "--keep", "30d")
      #expect(
        try await prune(home, "--state", "failed", "--json")
          == "{\n  \"dry_run\" : false,\n  \"jobs\" : 1\n}\n")
      #expect(try await home.states() == ["cancelled": 1])
    }
  }

  @Test(arguments: [["--older-than", "5m"], ["--state", "waiting"], ["--older-than", "soon"]])
  func `What cannot be forgotten is a mistake of usage`(options: [String]) async throws {
    let result = try await Program.run(["queue", "prune"] + options)
    #expect(result.status == 2, "\(result.error)")
  }

  private func prune(_ home: Home, _ options: String...) async throws -> String {
    let result = try await Program.run(
      ["queue", "prune"] + options, environment: home.environment)
    #expect(result.status == 0, "\(options): \(result.error)")
    return result.output
  }
}
