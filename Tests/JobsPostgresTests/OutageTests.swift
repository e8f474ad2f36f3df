import Foundation
import Jobs
import JobsPostgres
import Postgres
import Synchronization
import Testing
import TestSupport

/// What happens to jobs when the database goes away.
@Suite(.serialized) struct OutageTests {
  /// A private server of its own with an empty queue.
  private func onServer(
    _ body: (PrivateCluster, ConnectionTarget) async throws -> Void
  ) async throws {
    let home = "/tmp/avu-outage-test-" + UUID().uuidString.prefix(8)
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    let cluster = PrivateCluster(home: home)
    do {
      var target = try await cluster.start()
      target.schema = "avu"
      let connection = try await Connection.connect(to: target)
      try await Migrator(folder: TestDatabase.migrationsFolder).migrate(
        schema: "avu", on: connection)
      await connection.close()
      try await body(cluster, target)
    } catch {
      _ = try? await cluster.stop()
      try? FileManager.default.removeItem(atPath: home)
      throw error
    }
    try await cluster.stop()
    try FileManager.default.removeItem(atPath: home)
  }

  private func makeWorker(
    _ queue: TestQueue, drains: Bool = true, _ work: @escaping LookHandler.Work
  ) -> Worker<TestQueue> {
    Worker(
      queue: queue, handlers: ["look": LookHandler(work: work)], concurrency: 4,
      identity: WorkerIdentity(host: "box", process: 1), settings: .hurried(drains: drains),
      logger: .silent)
  }

  @Test func `a server that is stopped and started in the middle loses nothing`() async throws {
    try await onServer { cluster, target in
      let pool = ConnectionPool(target: target, size: 12)
      try await TestQueue.makeNotes(pool)
      let queue = TestQueue(pool)
      _ = try await queue.enqueue(jobs(400))
      let begun = Mutex(0)
      let mayPass = Mutex(false)
      let run = Task {
        try await withThrowingTaskGroup(of: WorkerSummary.self) { group in
          for _ in 0..<3 {
            let worker = makeWorker(queue) { job, _ in
              let count = begun.withLock {
                $0 += 1; return $0
              }
              // Some are at work while the server is away.
              if count > 100, count <= 106 { try await eventually { mayPass.withLock { $0 } } }
              return job.key
            }
            group.addTask { try await worker.run() }
          }
          return try await group.reduce(into: 0) { $0 += $1.done }
        }
      }
      try await eventually { begun.withLock { $0 >= 106 } }
      try await cluster.stop()
      mayPass.withLock { $0 = true }
      _ = try await cluster.start()
      _ = try await run.value
      #expect(try await queue.notes() == (1...400).map { "\($0)" }.sorted())
      #expect(try await queue.tally() == [.done: 400])
      let jobs = try await queue.list(JobFilter(), limit: 400, offset: 0).jobs
      #expect(jobs.allSatisfy { $0.strikes.errors == 0 && $0.strikes.deaths == 0 })
      await pool.close()
    }
  }

  @Test func `a worker does not start without a database`() async throws {
    try await onServer { cluster, target in
      try await cluster.stop()
      let pool = ConnectionPool(target: target, size: 2, patience: .zero)
      let worker = makeWorker(TestQueue(pool)) { job, _ in job.key }
      await #expect(throws: PostgresError.self) { try await worker.run() }
      _ = try await cluster.start()
      await pool.close()
    }
  }

  @Test func `a connection that is cut while a result is stored costs nothing but time`()
    async throws
  {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 6)
      try await TestQueue.makeNotes(pool)
      let queue = PostgresJobQueue(pool: pool, policy: .hurried, restartGrace: .zero)
      _ = try await queue.enqueue(jobs(30))
      let handler = CuttingHandler(pool: pool)
      let worker = Worker(
        queue: queue, handlers: ["look": handler], concurrency: 3,
        identity: WorkerIdentity(host: "box", process: 1), settings: .hurried(drains: true),
        logger: .silent)
      let summary = try await worker.run()
      #expect(summary.done == 30 && summary.retried == 0)
      #expect(handler.cuts.withLock { $0.count } == 10)
      let rows = try await pool.withConnection {
        try await $0.query("SELECT count(*) AS all, count(DISTINCT text) AS distinct FROM note")
      }
      #expect(rows[0].values == ["30", "30"])
      await pool.close()
    }
  }

  @Test func `small jobs are done once each, however often the connections are cut`()
    async throws
  {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 6)
      try await TestQueue.makeNotes(pool)
      let queue = TestQueue(pool)
      _ = try await queue.enqueue(jobs(20_000))
      let worker = Worker(
        queue: queue, handlers: ["look": LookHandler { _, _ in nil }], concurrency: 200,
        identity: WorkerIdentity(host: "box", process: 1), settings: .hurried(drains: true),
        logger: .silent)
      let run = Task { try await worker.run() }
      let knife = try await Connection.connect(to: target)
      for _ in 0..<20 {
        try await Task.sleep(for: .milliseconds(20))
        _ = try await knife.query(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE query LIKE '%claim_jobs%' AND pid <> pg_backend_pid()
          """)
      }
      await knife.close()
      let summary = try await run.value
      #expect(try await queue.tally() == [.done: 20_000])
      // What was claimed without an answer is handed back and not lost: no lease had to run out.
      let jobs = try await queue.list(JobFilter(), limit: 20_000, offset: 0).jobs
      #expect(jobs.allSatisfy { $0.strikes == Strikes() })
      #expect(summary.done == 20_000 && summary.failed == 0)
      await pool.close()
    }
  }

  @Test func `a worker ends although its database does not come back`() async throws {
    try await onServer { cluster, target in
      let pool = ConnectionPool(target: target, size: 4, patience: .zero)
      try await TestQueue.makeNotes(pool)
      let queue = TestQueue(pool)
      _ = try await queue.enqueue(jobs(2))
      let begun = Mutex(0)
      let worker = makeWorker(queue, drains: false) { job, _ in
        begun.withLock { $0 += 1 }
        try await untilCancelled {}
        return job.key
      }
      let run = Task { try await worker.run() }
      try await eventually { begun.withLock { $0 == 2 } }
      try await cluster.stop()
      run.cancel()
      let summary = try await run.value
      #expect(summary.handedBack == 0 && summary.unwritten == 2)
      _ = try await cluster.start()
      #expect(try await queue.tally() == [.running: 2])
      await pool.close()
    }
  }
}

/// Cuts the connection that every third result is stored through, the first time.
private final class CuttingHandler: JobHandler {
  private let pool: ConnectionPool
  let cuts = Mutex(Set<String>())

  init(pool: ConnectionPool) { self.pool = pool }

  func run(
    _ job: ClaimedJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> (@Sendable (Connection) async throws -> Void)? {
    { transaction in
      try await transaction.execute("INSERT INTO note (text) VALUES ($1)", [.text(job.key)])
      guard job.lease.job.isMultiple(of: 3), self.cuts.withLock({ $0.insert(job.key).inserted })
      else { return }
      let session = try await transaction.query("SELECT pg_backend_pid() AS pid")[0]
      let pid: Int64 = try session.decode("pid")
      try await self.pool.withConnection { other in
        _ = try await other.query("SELECT pg_terminate_backend($1::integer)", [.int(pid)])
      }
    }
  }
}
