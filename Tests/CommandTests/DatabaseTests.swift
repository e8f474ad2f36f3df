import Foundation
import Testing

/// The database that is away, at the start and in the middle.
@Suite(.serialized) struct DatabaseTests {
  @Test func `A database that is down is named, with status 1`() async throws {
    let nowhere = ["AVU_DATABASE_URL": "postgres://avu:secret@127.0.0.1:9/avu"]
    for command in [["work", "--drain"], ["status"], ["report", "build", "--output", "/tmp/x"]] {
      let result = try await Program.run(command, environment: nowhere)
      #expect(result.status == 1, "\(command): \(result.error)")
      #expect(result.error.contains("cannot be reached"))
      #expect(!result.error.contains("secret"))
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A database that goes away in the middle and comes back loses nothing`() async throws {
    try await Home.with { home in
      let count = 16
      try home.makeClips(count, in: "clips")
      _ = try await home.run("submit", home.file("clips"), "--collection", "many")
      let worker = try home.start("work", "--drain", "--concurrency", "2")
      while try await home.states()["done", default: 0] == 0 {}
      let stopped = try await home.run("db", "stop")
      #expect(stopped.status == 0, "\(stopped.error)")
      let started = try await home.run("db", "start")
      #expect(started.status == 0, "\(started.error)")
      worker.waitUntilExit()
      #expect(worker.terminationStatus == 0)
      #expect(try await home.states() == ["done": count])
    }
  }

  @Test func `The private database starts, says so, and stops`() async throws {
    try await Home.with { home in
      let absent = try await home.run("db", "status")
      #expect(absent.status == 1)
      let started = try await home.run("db", "start")
      #expect(started.status == 0, "\(started.error)")
      let running = try await home.run("db", "status")
      #expect(running.status == 0)
      let migrated = try await home.run("db", "migrate")
      #expect(migrated.output.contains("up to date"))
      let stopped = try await home.run("db", "stop")
      #expect(stopped.output.contains("has stopped"))
      let again = try await home.run("db", "stop")
      #expect(again.output.contains("not running"))
    }
  }
}
