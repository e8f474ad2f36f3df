import Jobs
import Logging

/// Does what a test wants done, and stores what came of it as a note, unless it is nil.
struct LookHandler: JobHandler {
  typealias Work =
    @Sendable (ClaimedJob, @escaping @Sendable (Double) -> Void) async throws -> String?

  /// A result that storing refuses.
  static let unstorable = "unstorable"

  let work: Work

  func run(
    _ job: ClaimedJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> (@Sendable (Notebook) async throws -> Void)? {
    guard let note = try await work(job, progress) else { return nil }
    return { notebook in
      try await notebook.write(note)
      if note == Self.unstorable { throw JobFailure(message: "The result is no good.") }
    }
  }
}

/// Waits until the task is cancelled, and then throws.
func untilCancelled(_ noticed: @Sendable () -> Void) async throws {
  do {
    try await Task.sleep(for: .seconds(60))
  } catch {
    noticed()
    throw error
  }
}

extension WorkerSettings {
  /// A pace that a test need not wait for.
  static func hurried(drains: Bool) -> WorkerSettings {
    WorkerSettings(
      lease: .seconds(2), heartbeat: .milliseconds(50), idleHeartbeat: .milliseconds(50),
      poll: .milliseconds(100),
      rescue: .milliseconds(50), farewell: .seconds(2), drains: drains)
  }
}

extension Logger {
  /// Says nothing: what tests provoke is of no interest to who runs them.
  static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
