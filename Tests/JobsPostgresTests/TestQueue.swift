import Foundation
import Jobs
@testable import JobsPostgres
import Postgres
import Testing
import TestSupport

/// Where a test keeps its queue.
enum Storage: CaseIterable, Sendable {
  case memory, postgres

  /// Runs a test on an empty queue.
  func onQueue(
    policy: RetryPolicy = .hurried, _ body: (TestQueue) async throws -> Void
  ) async throws {
    switch self {
    case .memory: try await body(TestQueue(MemoryQueue(policy: policy)))
    case .postgres:
      try await TestDatabase.withSchema { target in
        let pool = ConnectionPool(target: target, size: 12)
        try await TestQueue.makeNotes(pool)
        try await body(TestQueue(pool, policy: policy))
        await pool.close()
      }
    }
  }
}

/// A queue whose effects are notes, in memory or in a table.
struct TestQueue: JobQueue {
  typealias Transaction = Notebook

  private let base: any JobQueue
  private let finishing:
    @Sendable (Lease, @Sendable (Notebook) async throws -> Void) async throws -> Bool

  /// What is stored for good.
  let notes: @Sendable () async throws -> [String]

  init(_ memory: MemoryQueue) {
    base = memory
    finishing = { lease, effects in
      try await memory.finish(lease) { draft in
        try await effects(Notebook { await draft.write($0) })
      }
    }
    notes = { await memory.notes.sorted() }
  }

  init(_ pool: ConnectionPool, policy: RetryPolicy = .hurried) {
    let queue = PostgresJobQueue(pool: pool, policy: policy, restartGrace: .zero)
    base = queue
    finishing = { lease, effects in
      try await queue.finish(lease) { transaction in
        try await effects(
          Notebook { note in
            try await transaction.execute("INSERT INTO note (text) VALUES ($1)", [.text(note)])
          })
      }
    }
    notes = {
      try await pool.withConnection { connection in
        try await connection.query("SELECT text FROM note ORDER BY text").map {
          try $0.decode("text")
        }
      }
    }
  }

  /// Sets a time limit; only PostgreSQL's queue has policies.
  func limitTime(of kind: String, to limit: Duration) async throws {
    try await (base as? PostgresJobQueue)?.changePolicy(of: kind) { $0.timeLimit = limit }
  }

  /// Queues a job every second; only PostgreSQL's queue has schedules.
  func scheduleEverySecond(_ job: NewJob) async throws {
    _ = try await (base as? PostgresJobQueue)?.schedule(
      "tick", .every(.seconds(1)), job, missed: .all)
  }

  /// Writes down a migration of a newer program, as its number says.
  func pretendMigration(named name: String) async throws {
    try await (base as? PostgresJobQueue)?.pool.withConnection {
      _ = try await $0.execute(
        "INSERT INTO schema_migration (number, name, sha256) VALUES ($1, $2, '')",
        [.integer(Int(name.prefix(4)) ?? 0), .text(name)])
    }
  }

  static func makeNotes(_ pool: ConnectionPool) async throws {
    try await pool.withConnection {
      try await $0.executeScript("CREATE TABLE note (text text NOT NULL)")
    }
  }

  func finish(
    _ lease: Lease, effects: @Sendable (Notebook) async throws -> Void
  ) async throws -> Bool { try await finishing(lease, effects) }

  func finish(_ lease: Lease, note: String) async throws -> Bool {
    try await finish(lease) { try await $0.write(note) }
  }
}

// All else goes straight to the queue.
extension TestQueue {
  func enqueue(_ jobs: [NewJob]) async throws -> Int { try await base.enqueue(jobs) }

  func claim(
    kinds: [String], limit: Int, by worker: WorkerIdentity, for lease: Duration
  ) async throws -> [ClaimedJob] {
    try await base.claim(kinds: kinds, limit: limit, by: worker, for: lease)
  }

  func finish(
    _ leases: [Lease], claiming kinds: [String], limit: Int, by worker: WorkerIdentity,
    for lease: Duration
  ) async throws -> (done: Set<Lease>, claimed: [ClaimedJob]) {
    try await base.finish(leases, claiming: kinds, limit: limit, by: worker, for: lease)
  }

  func heartbeat(
    _ worker: WorkerIdentity, holding leases: [Lease: Double], for lease: Duration
  ) async throws -> HeartbeatReply {
    try await base.heartbeat(worker, holding: leases, for: lease)
  }

  func fail(_ lease: Lease, _ failure: JobFailure) async throws -> JobState? {
    try await base.fail(lease, failure)
  }

  func snooze(
    _ lease: Lease, for delay: Duration, because reason: String
  ) async throws -> Bool {
    try await base.snooze(lease, for: delay, because: reason)
  }

  func handBack(_ leases: [Lease]) async throws { try await base.handBack(leases) }
  func enqueueScheduled() async throws -> ScheduleOutcome { try await base.enqueueScheduled() }
  func rescueExpired() async throws -> Int { try await base.rescueExpired() }
  func leave(_ worker: WorkerIdentity) async throws { try await base.leave(worker) }
  func wakeUps() async throws -> AsyncStream<Void> { try await base.wakeUps() }
  func isDrained(kinds: [String]) async throws -> Bool { try await base.isDrained(kinds: kinds) }
  func isOutage(_ error: any Error) -> Bool { base.isOutage(error) }

  func counts(finishedWithin window: Duration) async throws -> [JobCount] {
    try await base.counts(finishedWithin: window)
  }

  func list(_ filter: JobFilter, limit: Int, offset: Int) async throws -> JobPage {
    try await base.list(filter, limit: limit, offset: offset)
  }

  func show(_ job: Int64) async throws -> JobDetails? { try await base.show(job) }
  func retry(_ filter: JobFilter) async throws -> Int { try await base.retry(filter) }
  func cancel(_ filter: JobFilter) async throws -> Int { try await base.cancel(filter) }

  func prioritize(_ filter: JobFilter, priority: Int) async throws -> Int {
    try await base.prioritize(filter, priority: priority)
  }

  func postpone(_ filter: JobFilter, by delay: Duration) async throws -> Int {
    try await base.postpone(filter, by: delay)
  }

  func pause(_ scope: JobScope) async throws { try await base.pause(scope) }
  func resume(_ scope: JobScope) async throws { try await base.resume(scope) }
  func pauses() async throws -> [Pause] { try await base.pauses() }
  func workers() async throws -> [WorkerRecord] { try await base.workers() }
}

/// Takes the effects of a job.
struct Notebook: Sendable {
  let write: @Sendable (String) async throws -> Void
}

extension RetryPolicy {
  /// Pauses that a test need not wait for.
  static let hurried = RetryPolicy(firstPause: .zero, longestPause: .zero)
}
