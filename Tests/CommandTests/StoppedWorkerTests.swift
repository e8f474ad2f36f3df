import Foundation
import Testing

/// Workers that are asked to end, and workers that have to wait.
@Suite(.serialized) struct StoppedWorkerTests {
  /// Starts the program; what it writes goes to a file. Hangups are what they are said to be, not
  /// what these tests were started with.
  private func start(
    _ home: Home, _ arguments: [String], log: String, hangup: String = "default"
  ) throws -> Process {
    #expect(FileManager.default.createFile(atPath: log, contents: nil))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["--\(hangup)-signal=HUP", Program.path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(home.environment) { $1 }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
    process.standardOutput = file
    process.standardError = file
    try process.run()
    return process
  }

  private func text(_ log: String) throws -> String {
    try String(contentsOfFile: log, encoding: .utf8)
  }

  @Test(.timeLimit(.minutes(3)))
  func `A closed terminal hands jobs back`() async throws {
    try await Home.with { home in
      try home.makeClips(30, in: "clips")
      _ = try await home.run("submit", home.file("clips"), "--collection", "many")
      let log = home.file("work.log")
      // Both jobs may end just before the signal, and nothing is there to be handed back: once more then.
      for _ in 0..<3 {
        let worker = try start(home, ["work", "--concurrency", "2"], log: log)
        while try await home.states()["running", default: 0] < 2 {}
        kill(worker.processIdentifier, SIGHUP)
        worker.waitUntilExit()
        #expect(worker.terminationReason == .exit && worker.terminationStatus == 130)
        if try text(log).contains("handed back") { break }
      }
      #expect(try text(log).contains("handed back"))
      let states = try await home.states()
      #expect(states["running"] == nil && states["failed"] == nil)
      #expect(states["waiting", default: 0] > 0)
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A hangup that is ignored, as below nohup, ends nothing`() async throws {
    try await Home.with { home in
      try home.makeClips(6, in: "clips")
      _ = try await home.run("submit", home.file("clips"), "--collection", "few")
      let worker = try start(
        home, ["work", "--drain", "--concurrency", "1"], log: home.file("work.log"),
        hangup: "ignore")
      while worker.isRunning, try await home.states()["running", default: 0] == 0 {}
      kill(worker.processIdentifier, SIGHUP)
      worker.waitUntilExit()
      #expect(worker.terminationStatus == 0)
      #expect(try await home.states() == ["done": 6])
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A worker whose database is away ends soon, and says what it leaves behind`() async throws {
    try await Home.with { home in
      try home.makeClips(30, in: "clips")
      _ = try await home.run("submit", home.file("clips"), "--collection", "many")
      let log = home.file("work.log")
      let worker = try start(home, ["work", "--concurrency", "2"], log: log)
      while try await home.states()["running", default: 0] < 2 {}
      _ = try await home.run("db", "stop")
      let asked = ContinuousClock.now
      worker.interrupt()
      worker.waitUntilExit()
      #expect(ContinuousClock.now - asked < .seconds(20))
      #expect(worker.terminationStatus == 130)
      let said = try text(log)
      #expect(said.contains("The queue is out of reach"), "\(said)")
      #expect(said.contains("could not be handed back"), "\(said)")
    }
  }

  @Test(.timeLimit(.minutes(3)))
  func `A drain that waits for a paused kind says so, and status does not guess its end`()
    async throws
  {
    try await Home.with { home in
      try home.makeClips(2, in: "clips")
      _ = try await home.run("submit", home.file("clips"), "--collection", "few")
      let paused = try await home.run("queue", "pause", "--kind", "infer")
      #expect(
        paused.output
          == "Jobs of the kind infer are paused until avu queue resume --kind infer; "
          + "0 running jobs go on.\n")
      let log = home.file("work.log")
      let worker = try start(home, ["work", "--drain", "--concurrency", "1"], log: log)
      while worker.isRunning, try !text(log).contains("“infer” are paused") {}
      let status = try await home.run("status")
      let row = status.output.split(separator: "\n").first { $0.hasPrefix("few") }
      #expect(row?.hasSuffix("paused") == true, "\(status.output)")
      let resumed = try await home.run("queue", "resume", "--kind", "infer")
      #expect(resumed.output == "Jobs of the kind infer go on.\n")
      worker.waitUntilExit()
      #expect(worker.terminationStatus == 0)
      #expect(try text(log).contains("2 jobs done."))
    }
  }
}
