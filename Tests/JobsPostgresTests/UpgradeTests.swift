import Foundation
import Jobs
import JobsPostgres
import Postgres
import TestSupport
import Testing

/// A queue with data in it, from before rows moved.
@Suite struct UpgradeTests {
  /// Jobs in all states, as the first version left them.
  private static let before = """
    INSERT INTO job (kind, key, group_name, payload, priority, max_errors, state, created_at,
      not_before, finished_at, attempts, errors, deaths, interruptions, failure_kind,
      failure_message, token, worker, host, started_at, lease_until, progress)
    SELECT 'look', 'key ' || number, 'c' || number % 2, '{"number": 1}', number % 3, 5, state,
      now() - interval '1 day', CASE WHEN number = 8 THEN now() + interval '1 hour' ELSE now() END,
      CASE WHEN state NOT IN ('waiting', 'running') THEN now() - interval '1 minute' END,
      attempts, errors, deaths, interruptions,
      CASE WHEN errors > 0 THEN 'error' END, CASE WHEN errors > 0 THEN 'No luck.' END,
      CASE WHEN state = 'running' THEN 99 END,
      CASE WHEN state = 'running' THEN '6f1f9dd8-0000-4000-8000-000000000001'::uuid END,
      CASE WHEN state = 'running' THEN 'box' END, CASE WHEN state = 'running' THEN now() END,
      CASE WHEN state = 'running' THEN now() + interval '1 minute' END,
      CASE WHEN state = 'running' THEN 0.5 END
    FROM (VALUES
      (1, 'waiting', 0, 0, 0, 0), (2, 'running', 2, 1, 0, 0), (3, 'done', 1, 0, 0, 0),
      (4, 'failed', 1, 1, 0, 0), (5, 'quarantined', 2, 0, 2, 0), (6, 'cancelled', 0, 0, 0, 0),
      (7, 'waiting', 3, 1, 1, 1), (8, 'waiting', 1, 1, 0, 0)
    ) AS job (number, state, attempts, errors, deaths, interruptions)
    ORDER BY number;
    INSERT INTO attempt (job_id, number, token, host, started_at, ended_at, outcome, message)
    SELECT id, 1, 7, 'box', now() - interval '1 hour', now() - interval '1 minute',
      CASE state WHEN 'done' THEN 'done' ELSE 'error' END,
      CASE state WHEN 'done' THEN NULL ELSE 'No luck.' END
    FROM job WHERE state IN ('done', 'failed', 'running');
    INSERT INTO pause (kind) VALUES ('judge');
    INSERT INTO worker (id, host, process) VALUES
      ('6f1f9dd8-0000-4000-8000-000000000001', 'box', 7)
    """

  /// Brings a schema to a state in between, lets `body` write to it, and goes on to the end.
  static func onUpgraded(
    from last: String, _ sql: String,
    _ body: (PostgresJobQueue, ConnectionPool) async throws -> Void
  ) async throws {
    try await TestDatabase.withSchema(migrated: false) { target in
      let folder = FileManager.default.temporaryDirectory.path + "/avu-upgrade-\(UUID())"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let files = try FileManager.default.contentsOfDirectory(atPath: TestDatabase.migrationsFolder)
      for name in files where name.hasSuffix(".sql") && name <= last {
        try FileManager.default.copyItem(
          atPath: TestDatabase.migrationsFolder + "/" + name, toPath: folder + "/" + name)
      }
      let schema = try #require(target.schema)
      let connection = try await Connection.connect(to: target)
      try await Migrator(folder: folder).migrate(schema: schema, on: connection)
      try await connection.executeScript(sql)
      try await Migrator(folder: TestDatabase.migrationsFolder).migrate(
        schema: schema, on: connection)
      await connection.close()
      let pool = ConnectionPool(target: target, size: 3)
      try await body(PostgresJobQueue(pool: pool, policy: .hurried, restartGrace: .zero), pool)
      await pool.close()
    }
  }

  @Test func `every job is where it was, with what counted against it`() async throws {
    try await Self.onUpgraded(from: "0002_results.sql", Self.before) { queue, _ in
      let jobs = try await queue.list(JobFilter(), limit: 20, offset: 0).jobs
      #expect(
        jobs.map(\.state) == [
          .waiting, .running, .done, .failed, .quarantined, .cancelled, .waiting, .waiting,
        ])
      #expect(jobs.map(\.id) == Array(1...8))
      #expect(jobs.map(\.attempts) == [0, 2, 1, 1, 2, 0, 3, 1])
      #expect(jobs.map(\.priority) == [1, 2, 0, 1, 2, 0, 1, 2])
      #expect(jobs.allSatisfy { $0.maxErrors == 5 && $0.payload == #"{"number": 1}"# })
      #expect(jobs[6].strikes == Strikes(errors: 1, deaths: 1, interruptions: 1))
      #expect(jobs[3].failure == .init(kind: .error, message: "No luck."))
      #expect(jobs[7].notBefore.timeIntervalSinceNow > 3000)
      #expect(jobs[1].progress == 0.5 && jobs[1].host == "box")
      #expect(try await queue.show(3)?.attempts.map(\.outcome) == [.done])
      #expect(try await queue.show(4)?.attempts.map(\.outcome) == [.failed(.error)])
      #expect(try await queue.pauses().map(\.scope.kind) == ["judge"])
    }
  }

  @Test func `work goes on where it was`() async throws {
    try await Self.onUpgraded(from: "0002_results.sql", Self.before) { queue, _ in
      // The lease of a worker of the old program still holds.
      #expect(try await queue.rescueExpired() == 0)
      #expect(try await queue.finish(Lease(job: 2, token: 99)) { _ in })
      let claimed = try await queue.claim(kinds: ["look"], limit: 9, by: worker, for: .seconds(60))
      #expect(claimed.map(\.lease.job) == [1, 7])
      #expect(claimed.map(\.attempt) == [1, 4])
      let known = try await queue.enqueue([
        NewJob(kind: "look", key: "key 3", payload: "{}", group: "c1"),
        NewJob(kind: "look", key: "key 9", payload: "{}", group: "c1"),
      ])
      #expect(known == 1)
      #expect(try await queue.list(JobFilter(keys: ["key 9"]), limit: 1, offset: 0).jobs[0].id > 8)
      #expect(try await queue.retry(JobFilter(states: [.done, .failed])) == 3)
      #expect(try await queue.show(3)?.attempts.map(\.outcome) == [.done])
    }
  }
}
