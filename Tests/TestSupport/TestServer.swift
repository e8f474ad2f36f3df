import Foundation
import Glibc
import Postgres
import Synchronization

/// The one server of a test program.
actor TestServer {
  static let shared = TestServer()

  private var starting: Task<ConnectionTarget, any Error>?

  /// Starts the server the first time it is asked for.
  func target() async throws -> ConnectionTarget {
    if let starting { return try await starting.value }
    let task = Task { try await Self.start() }
    starting = task
    return try await task.value
  }

  private static let home = Mutex<String?>(nil)

  private static func start() async throws -> ConnectionTarget {
    if let url = ProcessInfo.processInfo.environment["AVU_TEST_DATABASE_URL"], !url.isEmpty {
      return ConnectionTarget(.url(url), applicationName: "avu tests")
    }
    await removeLeftovers()
    let path = "/tmp/avu-tests-\(getpid())-\(UInt32.random(in: .min ... .max))"
    guard mkdir(path, 0o755) == 0 else { throw CocoaError(.fileWriteUnknown) }
    home.withLock { $0 = path }
    atexit { TestServer.end() }
    return try await PrivateCluster(home: path).start()
  }

  /// Stops and removes the servers of test programs that were killed.
  private static func removeLeftovers() async {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
    for name in names where name.hasPrefix("avu-tests-") {
      let words = name.split(separator: "-")
      guard words.count == 4, let process = pid_t(words[2]), !isRunning(process),
        (try? await PrivateCluster(home: "/tmp/" + name).stop()) != nil
      else { continue }
      try? FileManager.default.removeItem(atPath: "/tmp/" + name)
    }
  }

  /// A dead process that nobody collected keeps its number but has no program.
  private static func isRunning(_ process: pid_t) -> Bool {
    access("/proc/\(process)/exe", F_OK) == 0
  }

  private static func end() {
    guard let path = home.withLock({ $0 }) else { return }
    _ = try? PrivateCluster(home: path).stopNow()
    try? FileManager.default.removeItem(atPath: path)
  }
}
