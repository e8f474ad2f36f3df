import Foundation
import Jobs
import JobsPostgres
import Postgres
import Synchronization
import TestSupport
import Testing

/// The queue under what goes wrong between it and its workers. `make chaos` runs these with more jobs
/// (`AVU_CHAOS_JOBS`).
@Suite(.serialized) struct QueueChaosTests {
  private static let count =
    ProcessInfo.processInfo.environment["AVU_CHAOS_JOBS"].flatMap { Int($0) } ?? 10_000

  private func worker(
    _ queue: TestQueue, concurrency: Int, _ work: @escaping LookHandler.Work
  ) -> Worker<TestQueue> {
    Worker(
      queue: queue, handlers: ["look": LookHandler(work: work)], concurrency: concurrency,
      identity: WorkerIdentity(host: "box", process: 1),
      settings: WorkerSettings(
        lease: .seconds(8), heartbeat: .seconds(1), poll: .milliseconds(200),
        rescue: .milliseconds(500), drains: true),
      logger: .silent)
  }

  /// What must hold in the end, asked of the tables themselves.
  private func expectSound(
    _ pool: ConnectionPool, done: Int, quarantined: Int = 0, notes: Int = 0
  ) async throws {
    let row = try await pool.withConnection { connection in
      try await connection.query(
        """
        SELECT (SELECT count(*) FROM job) AS jobs,
          (SELECT count(*) FROM finished WHERE state = 'done') AS done,
          (SELECT count(*) FROM finished WHERE state = 'quarantined') AS quarantined,
          (SELECT count(*) FROM ready) + (SELECT count(*) FROM delayed)
            + (SELECT count(*) FROM running) AS unfinished,
          (SELECT count(*) FROM note) AS notes, (SELECT count(DISTINCT text) FROM note) AS distinct_notes,
          (SELECT count(*) FROM finished
            LEFT JOIN (SELECT job_id, count(*) AS told FROM attempt GROUP BY job_id) AS attempt
            USING (job_id)
            WHERE attempts <> coalesce(told, 0) + (state = 'done')::integer) AS miscounted,
          (SELECT count(*) FROM attempt WHERE outcome = 'done') AS done_twice,
          (SELECT count(*) FROM setback WHERE errors > 0) AS blamed
        """)[0]
    }
    for (name, expected) in [
      ("jobs", done + quarantined), ("done", done), ("quarantined", quarantined),
      ("unfinished", 0), ("notes", notes), ("distinct_notes", notes), ("miscounted", 0),
      ("done_twice", 0), ("blamed", 0),
    ] {
      #expect(try row.decode(name, as: Int.self) == expected, "\(name)")
    }
  }

  @Test func `connections that are cut in the middle of a commit's answer cost nothing but time`()
    async throws
  {
    try await TestDatabase.withSchema { target in
      guard case .socket(let directory, let database, let user) = target.address else { return }
      let proxy = try CuttingProxy(to: directory + "/.s.PGSQL.5432", cuttingEvery: 7)
      defer { proxy.close() }
      var cut = target
      cut.address = .url(
        "host=127.0.0.1 port=\(proxy.port) dbname=\(database) user=\(user) sslmode=disable "
          + "gssencmode=disable")
      let direct = ConnectionPool(target: target, size: 2)
      let pool = ConnectionPool(target: cut, size: 8)
      try await TestQueue.makeNotes(direct)
      let queue = TestQueue(pool)
      // Keys make it safe to ask again when the answer got lost.
      for part in 0..<4 {
        let some = Array(jobs(1200)[(part * 300)..<(part * 300 + 300)])
        while (try? await queue.enqueue(some)) == nil {}
      }
      var ended: WorkerSummary?
      while ended == nil {
        // A worker ends at once when its very first call fails; whoever started it starts it again.
        ended = try? await worker(queue, concurrency: 40) { job, _ in
          job.key.hasSuffix("7") ? job.key : nil
        }.run()
      }
      let summary = try #require(ended)
      #expect(summary.done == 1200 && summary.stopped == 0 && summary.failed == 0, "\(summary)")
      #expect(proxy.cuts > 10)
      try await expectSound(direct, done: 1200, notes: 120)
      await pool.close()
      await direct.close()
    }
  }

  @Test(.timeLimit(.minutes(60)))
  func `one job in a hundred kills its worker, and all others are done`() async throws {
    try await TestDatabase.withSchema { target in
      // Other tests have sessions in the same database.
      var named = target
      named.applicationName = "poisoned"
      let pool = ConnectionPool(target: named, size: 12)
      try await TestQueue.makeNotes(pool)
      let queue = TestQueue(pool)
      let count = Self.count
      let job = NewJob(kind: "look", key: nil, payload: "{}", group: "c")
      _ = try await queue.enqueue([NewJob](repeating: job, count: count))
      let knife = Task {
        let connection = try await Connection.connect(to: target)
        while (try? await Task.sleep(for: .milliseconds(300))) != nil {
          _ = try await connection.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'poisoned' AND query LIKE '%claim_jobs%'
            ORDER BY random() LIMIT 1
            """)
        }
        await connection.close()
      }
      let summaries = try await withThrowingTaskGroup(of: WorkerSummary.self) { group in
        for _ in 0..<3 {
          let worker = worker(queue, concurrency: 300) { job, _ in
            if job.lease.job.isMultiple(of: 100) {
              throw JobFailure(message: "Killed its process.", kind: .signal(11))
            }
            return nil
          }
          group.addTask { try await worker.run() }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      knife.cancel()
      #expect(summaries.reduce(0) { $0 + $1.unwritten } == 0)
      try await expectSound(pool, done: count - count / 100, quarantined: count / 100)
      let deaths = try await pool.withConnection {
        try await $0.query(
          "SELECT count(*) AS count FROM attempt WHERE outcome = 'signal 11'")[0]
          .decode("count", as: Int.self)
      }
      #expect(deaths == count / 100 * 2)
      await pool.close()
    }
  }

  @Test(.enabled(if: SmallDisk.isPossible, "mounts a file system, so needs root"))
  func `a database whose disk is full loses nothing, and goes on when there is room`() async throws
  {
    try await SmallDisk.with(megabytes: 160) { disk in
      let cluster = PrivateCluster(home: disk.path)
      var target = try await cluster.start()
      target.schema = "avu"
      let connection = try await Connection.connect(to: target)
      try await Migrator(folder: TestDatabase.migrationsFolder).migrate(
        schema: "avu", on: connection)
      await connection.close()
      let pool = ConnectionPool(target: target, size: 8, patience: .seconds(1))
      try await TestQueue.makeNotes(pool)
      let queue = TestQueue(pool)
      _ = try await queue.enqueue(jobs(200))
      try disk.fill(leaving: 4)
      let done = Mutex(0)
      let worker = worker(queue, concurrency: 4) { job, _ in
        done.withLock { $0 += 1 }
        // Nothing that could be compressed.
        let noise = (0..<2500).map { _ in
          String(UInt64.random(in: .min ... .max), radix: 36)
        }
        return job.key + " " + noise.joined()
      }
      let run = Task { try await worker.run() }
      // Until nothing can be written any more, and a while longer.
      try await eventually(within: .seconds(60)) {
        do {
          try await pool.withConnection {
            _ = try await $0.execute(
              "INSERT INTO note SELECT 'ballast' || random() FROM generate_series(1, 1000)")
          }
          return false
        } catch {
          return true
        }
      }
      try await Task.sleep(for: .seconds(2))
      #expect(done.withLock { $0 } < 200)
      try disk.free()
      try await eventually(within: .seconds(60)) { (try? await cluster.start()) != nil }
      let summary = try await run.value
      #expect(summary.failed == 0)
      try await pool.withConnection {
        _ = try await $0.execute("DELETE FROM note WHERE text LIKE 'ballast%'")
      }
      try await expectSound(pool, done: 200, notes: 200)
      await pool.close()
      try await cluster.stop()
    }
  }
}
