import Foundation
import Jobs
import JobsPostgres
import Postgres
import TestSupport
import Testing

/// What several people and workers do to the same jobs at the same time.
@Suite struct RaceTests {
  private func onQueue(
    _ body: (PostgresJobQueue, ConnectionPool) async throws -> Void
  ) async throws {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 12)
      try await body(PostgresJobQueue(pool: pool, policy: .hurried, restartGrace: .zero), pool)
      await pool.close()
    }
  }

  @Test func `a job that others just begin to wait for is not forgotten meanwhile`() async throws {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(jobs(1))
      let first = try await queue.claim(
        kinds: ["look"], limit: 1, by: worker, for: .seconds(60))
      #expect(try await queue.finish(first[0].lease) { _ in })
      try await pool.withConnection {
        _ = try await $0.execute(
          "UPDATE finished SET finished_at = finished_at - interval '1 day'")
      }
      var judging = jobs(1, kind: "judge")[0]
      judging.after = [JobName(kind: "look", key: "1")]
      let waiter = judging
      // Whoever forgets the job has chosen it and is kept from going on, while another begins to wait.
      let (pruning, adding) = try await pool.withTransaction { transaction in
        _ = try await transaction.query("SELECT FROM job WHERE key = '1' FOR UPDATE")
        let pruning = Task {
          try await queue.prune(JobFilter(states: [.done]), olderThan: .seconds(3600))
        }
        try await Task.sleep(for: .milliseconds(500))
        let adding = Task { try await queue.enqueue([waiter]) }
        try await Task.sleep(for: .milliseconds(500))
        return (pruning, adding)
      }
      #expect(try await pruning.value == 1)
      #expect(try await adding.value == 1)
      let next = try await queue.claim(
        kinds: ["judge"], limit: 1, by: worker, for: .seconds(60))
      #expect(next.count == 1)
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `limits can be changed while workers claim by them`() async throws {
    try await onQueue { queue, _ in
      let scope = JobScope(kind: "look")
      let own = JobScope(kind: "look", group: "c")
      try await queue.changeLimit(of: scope) { $0.rate = .init(starts: 1000, every: .seconds(1)) }
      _ = try await queue.enqueue(jobs(2000))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            for _ in 0..<100 {
              let claimed = try await queue.claim(
                kinds: ["look"], limit: 2, by: worker, for: .seconds(60))
              try await queue.handBack(claimed.map(\.lease))
            }
          }
        }
        for (place, scope) in [scope, own].enumerated() {
          group.addTask {
            for round in 1...40 {
              try await queue.changeLimit(of: scope) {
                $0.rate = .init(starts: 1000 + round + place, every: .seconds(1))
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await queue.limits().count == 2)
    }
  }

  @Test func `a transaction that met another one is made again`() async throws {
    try await onQueue { queue, pool in
      try await pool.withConnection {
        try await $0.executeScript(
          "CREATE TABLE thing AS SELECT generate_series(1, 2) AS id, 0 AS times")
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for order in [[1, 2], [2, 1]] {
          group.addTask {
            for _ in 0..<3 {
              try await pool.withRepeatedTransaction { transaction in
                for id in order {
                  try await transaction.execute(
                    "UPDATE thing SET times = times + 1 WHERE id = $1", [.integer(id)])
                  try await Task.sleep(for: .milliseconds(50))
                }
              }
            }
          }
        }
        try await group.waitForAll()
      }
      let rows = try await pool.withConnection {
        try await $0.query("SELECT times FROM thing ORDER BY id")
      }
      #expect(try rows.map { try $0.decode("times", as: Int.self) } == [6, 6])
    }
  }
}
