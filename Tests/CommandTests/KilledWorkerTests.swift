import Foundation
import Testing

/// Workers that die in the middle of their work.
@Suite(.serialized) struct KilledWorkerTests {
  @Test(.timeLimit(.minutes(5)))
  func `Killing worker processes loses and doubles nothing`() async throws {
    try await Home.with { home in
      let count = 30
      try home.makeClips(count, in: "clips")
      let submitted = try await home.run("submit", home.file("clips"), "--collection", "many")
      #expect(submitted.status == 0, "\(submitted.error)")
      let supervisor = try home.start("work", "--drain", "--concurrency", "2")
      var killed = 0
      while supervisor.isRunning {
        try await Task.sleep(for: .milliseconds(300))
        guard killed < 25,
          let victim = ProcessTable.children(of: supervisor.processIdentifier).randomElement()
        else { continue }
        if kill(victim, SIGKILL) == 0 { killed += 1 }
      }
      #expect(supervisor.terminationStatus == 0)
      #expect(killed > 5)
      try await Self.expectOneResultEach(home, count: count)
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `A killed machine's jobs are done by another`() async throws {
    try await Home.with { home in
      let count = 12
      try home.makeClips(count, in: "clips")
      _ = try await home.run("submit", home.file("clips"), "--collection", "many")
      let first = try home.start("work", "--concurrency", "2", "--lease", "4")
      var states: [String: Int] = [:]
      while states["done", default: 0] < 2 || states["running", default: 0] == 0 {
        states = try await home.states()
        if states["done"] == count { break }
      }
      kill(first.processIdentifier, SIGKILL)
      first.waitUntilExit()
      let second = try await home.run("work", "--drain", "--concurrency", "2", "--lease", "4")
      #expect(second.status == 0, "\(second.error)")
      try await Self.expectOneResultEach(home, count: count)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `Being asked to end hands jobs back, uncounted`() async throws {
    try await Home.with { home in
      try home.makeClips(30, in: "clips")
      _ = try await home.run("submit", home.file("clips"), "--collection", "many")
      let worker = try home.start("work", "--concurrency", "2")
      while try await home.states()["done", default: 0] == 0 {}
      worker.terminate()
      worker.waitUntilExit()
      #expect(worker.terminationStatus == 130)
      #expect(ProcessTable.children(of: worker.processIdentifier).isEmpty)
      let states = try await home.states()
      #expect(states["running"] == nil)
      #expect(states["waiting", default: 0] > 0)
      #expect(states["failed"] == nil)
    }
  }

  private static func expectOneResultEach(_ home: Home, count: Int) async throws {
    #expect(try await home.states() == ["done": count])
    let site = home.file("site")
    let built = try await home.run("report", "build", "--output", site, "--media", "none")
    #expect(built.status == 0, "\(built.error)")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: site + "/collections/many/clips")
    #expect(names.count == count)
    for name in names {
      let path = "\(site)/collections/many/clips/\(name)/captions.vtt"
      #expect(FileManager.default.fileExists(atPath: path), "\(name)")
    }
  }
}
