import Jobs
import JobsPostgres
import Postgres
import TestSupport
import Testing

/// The queue while somebody, as a backup or a forgotten transaction, holds an old snapshot open: what
/// was claimed and finished since then cannot be removed from tables and indexes.
struct OldSnapshotTests {
  private static let jobs = 6000
  private static let rounds = 200

  @Test(arguments: [1, 4, 100])
  func `claims and endings do not walk over what was done before`(together: Int) async throws {
    try await TestDatabase.withSchema { target in
      let holder = try await Connection.connect(to: target)
      try await holder.executeScript("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
      try await Self.work(target, rounds: Self.jobs / 100, together: 100)
      let keeper = try await Connection.connect(to: target)
      // Statistics say that there is nothing, however much is dead: plans must not believe it.
      try await keeper.executeScript("VACUUM ANALYZE")
      let before = try await Self.blocksTouched(keeper)
      try await Self.work(target, rounds: Self.rounds, together: together)
      let after = try await Self.blocksTouched(keeper)
      // Six tables and indexes, a few levels each: some blocks a job, and some once a round.
      #expect((after - before) / Self.rounds < 60 + 40 * together)
      await keeper.close()
      await holder.close()
    }
  }

  /// Queues jobs and has them done, in as many rounds.
  private static func work(
    _ target: ConnectionTarget, rounds: Int, together: Int
  ) async throws {
    let pool = ConnectionPool(target: target, size: 1)
    let queue = PostgresJobQueue(pool: pool)
    let job = NewJob(kind: "look", key: nil, payload: "{}", group: "c")
    _ = try await queue.enqueue([NewJob](repeating: job, count: rounds * together))
    var held: [Lease] = []
    for _ in 0...rounds {
      let (done, claimed) = try await queue.finish(
        held, claiming: ["look"], limit: together, by: worker, for: .seconds(60))
      #expect(done.count == held.count)
      held = claimed.map(\.lease)
    }
    #expect(held.isEmpty)
    // A session tells what it touched, at the latest when it ends.
    await pool.close()
  }

  /// How many blocks of the tables that jobs go through were looked at until now.
  private static func blocksTouched(_ keeper: Connection) async throws -> Int {
    var last = -1
    while true {
      let found = try await keeper.query(
        """
        SELECT sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)::bigint AS blocks
        FROM pg_statio_user_tables
        WHERE schemaname = current_schema()
          AND relname IN ('ready', 'running', 'finished', 'delayed')
        """)[0].decode("blocks", as: Int.self)
      if found == last { return found }
      last = found
      try await Task.sleep(for: .milliseconds(300))
    }
  }
}
