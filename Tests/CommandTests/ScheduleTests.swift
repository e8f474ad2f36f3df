import Foundation
import Postgres
import Testing

/// Upkeep that comes again and again, from the command line.
@Suite struct ScheduleTests {
  private func run(
    _ home: Home, _ arguments: String...
  ) async throws -> (status: Int32, output: String, error: String) {
    try await Program.run(["queue", "schedule"] + arguments, environment: home.environment)
  }

  @Test func `Workers forget old jobs when it is time, and the schedule says so`() async throws {
    try await Home.with { home in
      try Data("no video".utf8).write(to: URL(fileURLWithPath: home.file("old.mp4")))
      _ = try await home.run("submit", home.file("old.mp4"), "--collection", "old")
      _ = try await home.run("jobs", "cancel", "--all")
      let target = try await PrivateCluster(home: home.path + "/home").start()
      let connection = try await Connection.connect(to: target)
      try await connection.executeScript(
        "UPDATE avu.finished SET finished_at = finished_at - interval '40 days'")
      await connection.close()

      let added = try await run(home, "add", "hourly", "--every", "1h", "--older-than", "30d")
      #expect(added.status == 0 && added.output.hasPrefix("hourly comes next at "))
      // The first worker queues it; a drain may end before.
      let states = try await eventually(home) { $0 == ["done": 1] }
      #expect(states == ["done": 1])

      let list = try await run(home, "list", "--json")
      #expect(list.output.contains(#""when" : "every 1h""#))
      #expect(list.output.contains(#""last" : "20"#))
      #expect(try await run(home, "pause", "hourly").status == 0)
      #expect(try await run(home, "list").output.contains("paused"))
      #expect(try await run(home, "resume", "hourly").output == "hourly goes on.\n")
      #expect(try await run(home, "remove", "hourly").status == 0)
      let again = try await run(home, "remove", "hourly")
      #expect(again.status == 2 && again.error.contains("no schedule “hourly”"))
    }
  }

  /// Lets workers work until the jobs are in states.
  private func eventually(
    _ home: Home, _ isEnough: ([String: Int]) -> Bool
  ) async throws -> [String: Int] {
    var states: [String: Int] = [:]
    for _ in 0..<10 {
      _ = try await home.run("work", "--drain", "--concurrency", "1")
      states = try await home.states()
      if isEnough(states) { break }
    }
    return states
  }

  @Test(arguments: [
    ["--every", "1h", "--cron", "@daily"], [], ["--cron", "61 * * * *"], ["--cron", "0 0 31 2 *"],
    ["--every", "1h", "--older-than", "5m"], ["--every", "0s"],
  ])
  func `What no schedule can be is a mistake of usage`(options: [String]) async throws {
    let result = try await Program.run(["queue", "schedule", "add", "x"] + options)
    #expect(result.status == 2, "\(result.error)")
  }
}
