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
      try await Self.expectOneResultEach(home)
    }
  }

  /// What must hold in the end, asked of the tables themselves.
  private static func expectOneResultEach(_ home: Home) async throws {
    let target = try await PrivateCluster(home: home.path + "/home").start()
    let connection = try await Connection.connect(to: target)
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
