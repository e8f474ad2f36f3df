import Foundation
import Postgres
import Testing

/// Everything dies at random, at once: worker processes, supervisors, sessions of the server and the
/// server itself; supervisors stand still past their lease and come back.
///
/// `AVU_CHAOS_CLIPS` says how many clips are worked on meanwhile: `make chaos` takes more than the
/// other tests do. The seed is printed, and taken from `AVU_CHAOS_SEED`.
@Suite(.serialized) struct ChaosTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let count = environment["AVU_CHAOS_CLIPS"].flatMap { Int($0) } ?? 24

  @Test(.timeLimit(.minutes(60)))
  func `Whatever dies, each clip has one result, and the record adds up`() async throws {
    let seed = Self.environment["AVU_CHAOS_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
    print("chaos: \(Self.count) clips, seed \(seed)")
    try await Home.with { home in
      try home.makeClips(Self.count, in: "clips")
      let submitted = try await home.run("submit", home.file("clips"), "--collection", "many")
      #expect(submitted.status == 0, "\(submitted.error)")
      let chaos = try Chaos(home: home, seed: seed)
      try await chaos.rage { try await home.states()["done", default: 0] == Self.count }
      try await Self.expectOneResultEach(home, count: Self.count)
    }
  }

  /// The library of Debian's package libfaketime that tells a program another time, on this machine.
  private static let fakeTime = ["x86_64", "aarch64"].map {
    "/usr/lib/\($0)-linux-gnu/faketime/libfaketimeMT.so.1"
  }.first(where: FileManager.default.fileExists)

  @Test(.enabled(if: fakeTime != nil, "needs libfaketime"), .timeLimit(.minutes(5)))
  func `Hosts whose clocks are an hour off decide nothing by them`() async throws {
    let library = try #require(Self.fakeTime)
    try await Home.with { home in
      try home.makeClips(12, in: "clips")
      let submitted = try await home.run("submit", home.file("clips"), "--collection", "many")
      #expect(submitted.status == 0, "\(submitted.error)")
      let workers = try ["+3600", "-3600"].map { shift in
        try home.start(
          "work", "--concurrency", "1",
          with: [
            "LD_PRELOAD": library, "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            // Else the library sets it, and Swift finds no arguments: it looks for them before the variables.
            "FAKETIME_SHARED": "/none /none",
          ])
      }
      defer { for worker in workers { kill(worker.processIdentifier, SIGKILL) } }
      try await Self.untilDone(12, home)
      for worker in workers {
        // Its length is not known before, so it is read as a stream.
        let maps = FileHandle(forReadingAtPath: "/proc/\(worker.processIdentifier)/maps")
        let loaded = String(decoding: try maps?.readToEnd() ?? Data(), as: UTF8.self)
        #expect(worker.isRunning && loaded.contains("libfaketime"))
      }
      try await Self.expectOneResultEach(home, count: 12)
      let connection = try await home.connection()
      let row = try await connection.query(
        """
        SELECT (SELECT count(*) FROM avu.attempt) AS taken_away,
          (SELECT count(*) FROM (
            SELECT started_at AS time FROM avu.finished UNION ALL SELECT finished_at FROM avu.finished
            UNION ALL SELECT started_at FROM avu.worker UNION ALL SELECT seen_at FROM avu.worker
          ) AS told WHERE time NOT BETWEEN now() - interval '10 minutes' AND now()) AS odd
        """)[0]
      // Nobody took the other's jobs over, which looked an hour too old or too young.
      #expect(try row.decode("taken_away", as: Int.self) == 0)
      #expect(try row.decode("odd", as: Int.self) == 0)
      await connection.close()
    }
  }

  @Test(.timeLimit(.minutes(20)))
  func `Many workers that begin at once, before there is a database, share out the work`()
    async throws
  {
    let count = Self.environment["AVU_CHAOS_WORKERS"].flatMap { Int($0) } ?? 6
    try await Home.with { home in
      let workers = try (0..<count).map { _ in
        try home.start("work", "--concurrency", "1", "--threads", "1")
      }
      defer { for worker in workers { kill(worker.processIdentifier, SIGKILL) } }
      try home.makeClips(24, in: "clips")
      let submitted = try await home.run("submit", home.file("clips"), "--collection", "many")
      #expect(submitted.status == 0, "\(submitted.error)")
      try await Self.untilDone(24, home)
      try await Self.expectOneResultEach(home, count: 24)
      // All of them came up, those too that found all connections taken at first.
      let connection = try await home.connection()
      var known = 0
      while known < count, workers.allSatisfy(\.isRunning) {
        try await Task.sleep(for: .milliseconds(200))
        known = try await connection.query("SELECT count(*) AS count FROM avu.worker")[0].decode(
          "count")
      }
      #expect(known == count)
      await connection.close()
      workers.forEach { $0.terminate() }
      workers.forEach { $0.waitUntilExit() }
      #expect(workers.allSatisfy { $0.terminationStatus == 130 })
    }
  }

  private static func untilDone(_ count: Int, _ home: Home) async throws {
    while try await home.states()["done", default: 0] < count {
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// What must hold in the end, asked of the tables themselves.
  private static func expectOneResultEach(_ home: Home, count: Int) async throws {
    let connection = try await home.connection()
    let rows = try await connection.query(
      """
      SELECT
        (SELECT count(*) FROM avu.job) AS jobs,
        (SELECT count(*) FROM avu.job_status WHERE state = 'done') AS done,
        (SELECT count(*) FROM avu.ready) + (SELECT count(*) FROM avu.delayed)
          + (SELECT count(*) FROM avu.running) AS unfinished,
        (SELECT count(DISTINCT video_id) FROM avu.prediction) AS predicted,
        (SELECT count(*) FROM avu.prediction) AS predictions,
        (SELECT count(*) FROM avu.job_status AS job WHERE attempts <> 1 + (
          SELECT count(*) FROM avu.attempt WHERE attempt.job_id = job.id)) AS miscounted,
        (SELECT count(*) FROM avu.attempt WHERE outcome = 'done') AS done_twice
      """)
    await connection.close()
    let row = try #require(rows.first)
    for (name, expected) in [
      ("jobs", count), ("done", count), ("unfinished", 0), ("predicted", count),
      ("predictions", count), ("miscounted", 0), ("done_twice", 0),
    ] {
      #expect(try row.decode(name, as: Int.self) == expected, "\(name)")
    }
  }
}

extension Home {
  /// A session with the home's database.
  fileprivate func connection() async throws -> Connection {
    try await Connection.connect(to: try await PrivateCluster(home: path + "/home").start())
  }
}

/// Workers, and somebody who kills.
private final class Chaos {
  private let home: Home
  private var random: SeededGenerator
  private var supervisors: [Process] = []
  private var serverCrashes = 0

  init(home: Home, seed: UInt64) throws {
    self.home = home
    random = SeededGenerator(state: seed)
    supervisors = try (0..<2).map { _ in try Self.supervisor(home) }
  }

  private static func supervisor(_ home: Home) throws -> Process {
    try home.start("work", "--concurrency", "1", "--lease", "4")
  }

  /// Kills until all is done; then lets everybody go.
  func rage(until isDone: () async throws -> Bool) async throws {
    defer {
      for supervisor in supervisors { kill(supervisor.processIdentifier, SIGKILL) }
    }
    while true {
      try await Task.sleep(for: .milliseconds(Int.random(in: 200...800, using: &random)))
      // While the server is away nobody can say how far it is.
      if (try? await isDone()) == true { return }
      try await strike()
      for index in supervisors.indices where !supervisors[index].isRunning {
        supervisors[index] = try Self.supervisor(home)
      }
    }
  }

  private func strike() async throws {
    let victim = supervisors.randomElement(using: &random)?.processIdentifier ?? 0
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<8:
      if let child = ProcessTable.children(of: victim).randomElement(using: &random) {
        kill(child, SIGKILL)
      }
    case 8..<11: kill(victim, SIGKILL)
    case 11..<13:
      // Longer than its lease: others have taken its job over when it comes back.
      kill(victim, SIGSTOP)
      try await Task.sleep(for: .seconds(6))
      kill(victim, SIGCONT)
    case 13..<16: try await killSession(SIGTERM)
    case 16 where serverCrashes < 2:
      // The server takes every session down with one that was killed, and recovers.
      serverCrashes += 1
      try await killSession(SIGKILL)
    case 17 where serverCrashes < 2:
      serverCrashes += 1
      _ = try await home.run("db", "stop")
      _ = try await home.run("db", "start")
    default: break
    }
  }

  /// Ends a session of a worker on the server, in the middle of whatever it does.
  private func killSession(_ signal: Int32) async throws {
    guard let process = serverProcess() else { return }
    let sessions = ProcessTable.children(of: process).filter { child in
      let title = FileManager.default.contents(atPath: "/proc/\(child)/cmdline") ?? Data()
      return String(decoding: title, as: UTF8.self).contains("[local]")
    }
    if let session = sessions.randomElement(using: &random) { kill(session, signal) }
  }

  private func serverProcess() -> Int32? {
    let text = try? String(
      contentsOfFile: serverFolder() + "/postmaster.pid", encoding: .utf8)
    return text?.split(separator: "\n").first.flatMap { Int32($0) }
  }

  private func serverFolder() -> String {
    let names = FileManager.default.enumerator(atPath: home.path + "/home")
    while let name = names?.nextObject() as? String {
      if name.hasSuffix("/postmaster.pid") {
        return home.path + "/home/" + (name as NSString).deletingLastPathComponent
      }
    }
    return home.path
  }
}

/// Randomness that can be repeated (SplitMix64: Steele, Lea and Flood, OOPSLA 2014).
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
