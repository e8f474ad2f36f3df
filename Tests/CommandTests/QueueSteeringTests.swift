import Foundation
import Testing

/// Priorities, times, pauses and policies from the command line.
@Suite struct QueueSteeringTests {
  private struct Page: Decodable {
    struct Job: Decodable {
      let id: Int64
      let state: String
      let clip: String
      let priority: Int
      let not_before: Date
    }

    let jobs: [Job]
  }

  private func jobs(_ home: Home) async throws -> [Page.Job] {
    let listed = try await home.run("jobs", "list", "--json")
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(Page.self, from: Data(listed.output.utf8)).jobs
  }

  private func submit(_ home: Home, _ name: String, _ options: String...) async throws {
    let path = home.file(name)
    try Data("no video: \(name)".utf8).write(to: URL(fileURLWithPath: path))
    let arguments = ["submit", path] + options
    let result = try await Program.run(arguments, environment: home.environment)
    #expect(result.status == 0, "\(result.error)")
  }

  @Test func `Jobs are queued with a priority and for later, and moved afterwards`() async throws {
    try await Home.with { home in
      try await submit(home, "a.mp4", "--collection", "c", "--priority", "-3")
      try await submit(home, "b.mp4", "--collection", "c", "--delay", "2h")
      try await submit(home, "c.mp4", "--collection", "d", "--not-before", "2000-01-01T00:00Z")
      let queued = try await jobs(home)
      #expect(queued.map(\.priority) == [-3, 0, 0])
      #expect(abs(queued[1].not_before.timeIntervalSinceNow - 7200) < 60)
      #expect(queued[2].not_before.timeIntervalSinceNow < 1)
      let raised = try await home.run(
        "jobs", "prioritize", "--priority", "9", "--collection", "c", "--all")
      #expect(raised.output == "2 jobs have the priority 9 now.\n", "\(raised.error)")
      let snoozed = try await home.run("jobs", "snooze", "--delay", "1d", "\(queued[0].id)")
      #expect(snoozed.output == "1 job waits until then.\n", "\(snoozed.error)")
      let moved = try await jobs(home)
      #expect(moved.map(\.priority) == [9, 9, 0])
      #expect(moved[0].not_before.timeIntervalSinceNow > 86_000)
      _ = try await home.run("jobs", "snooze", "--delay", "0s", "--all")
      let worked = try await home.run("work", "--drain", "--concurrency", "1")
      #expect(worked.status == 3, "\(worked.error)")
      #expect(try await home.states() == ["failed": 3])
      let late = try await home.run("jobs", "prioritize", "--priority", "1", "\(queued[0].id)")
      #expect(late.status == 2 && late.error.contains("it does not wait (failed)"))
    }
  }

  @Test func `A paused collection waits while others go on`() async throws {
    try await Home.with { home in
      try await submit(home, "a.mp4", "--collection", "held")
      try await submit(home, "b.mp4", "--collection", "other")
      let paused = try await home.run("queue", "pause", "--collection", "held")
      #expect(paused.output.contains("avu queue resume --collection held"), "\(paused.error)")
      let status = try await home.run("status")
      #expect(status.output.contains("Jobs of the collection held are paused"))
      let metrics = try await home.run("queue", "metrics")
      #expect(metrics.output.contains("avu_paused{kind=\"\",collection=\"held\"} 1"))
      let worker = try home.start("work", "--drain", "--concurrency", "1")
      while try await jobs(home)[1].state != "failed" {}
      #expect(try await jobs(home)[0].state == "waiting")
      let resumed = try await home.run("queue", "resume", "--collection", "held")
      #expect(resumed.output == "Jobs of the collection held go on.\n")
      worker.waitUntilExit()
      #expect(try await home.states() == ["failed": 2])
    }
  }

  @Test func `Policies are set, shown and taken back`() async throws {
    try await Home.with { home in
      let none = try await home.run("queue", "policy", "show")
      #expect(none.output.contains("Nothing is limited."), "\(none.error)")
      let set = try await home.run(
        "queue", "policy", "set", "--kind", "infer", "--running", "2", "--rate", "100/m",
        "--errors", "1", "--time-limit", "30m", "--json")
      #expect(set.status == 0, "\(set.error)")
      for part in ["\"rate\" : \"100/m\"", "\"running\" : 2", "\"time_limit\" : 1800"] {
        #expect(set.output.contains(part), "\(set.output)")
      }
      let limited = try await home.run(
        "queue", "policy", "set", "--collection", "archive", "--running", "1")
      #expect(limited.output.contains("archive"), "\(limited.error)")
      let back = try await home.run(
        "queue", "policy", "set", "--kind", "infer", "--running", "none", "--rate", "none",
        "--errors", "none", "--time-limit", "none", "--json")
      #expect(!back.output.contains("infer"), "\(back.output)")
      for wrong in [
        ["--rate", "5"], ["--rate", "0/s"], ["--running", "0"], ["--keep", "5m"],
        ["--growth", "0.5"],
        ["--collection", "c", "--errors", "2"], [], ["--jitter", "2"], ["--time-limit", "soon"],
      ] {
        let refused = try await Program.run(
          ["queue", "policy", "set"] + wrong, environment: home.environment)
        #expect(refused.status == 2, "\(wrong): \(refused.output)")
      }
    }
  }

  @Test(arguments: [
    ["--delay", "soon"], ["--not-before", "tomorrow"], ["--priority", "99999999999"],
    ["--delay", "1h", "--not-before", "2030-01-01T00:00Z"],
  ])
  func `What makes no sense is a mistake of usage`(options: [String]) async throws {
    let refused = try await Program.run(
      ["submit", "a.mp4", "--collection", "c"] + options,
      environment: ["AVU_HOME": "/nonexistent"])
    #expect(refused.status == 2, "\(options): \(refused.output)")
  }
}
