import Foundation
import Jobs
import JobsPostgres
import Postgres
import TestSupport
import Testing

/// Changing what waits: priorities, times, pauses of collections.
@Suite struct SteeringTests {
  @Test(arguments: Storage.allCases)
  func `waiting jobs get another priority, also those that wait for their time`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(
        jobs(3) + [NewJob(kind: "look", key: "4", payload: "{}", group: "c", delay: .seconds(3600))]
      )
      let running = try await queue.claimOne()
      let changed = try await queue.prioritize(JobFilter(keys: ["1", "3", "4"]), priority: 7)
      #expect(running.key == "1" && changed == 2)
      #expect(try await queue.prioritize(JobFilter(keys: ["3"]), priority: 7) == 0)
      let next = try await queue.claimOne()
      #expect(next.key == "3" && next.priority == 7)
      #expect(try await queue.record(running.lease.job).priority == 0)
      #expect(try await queue.postpone(JobFilter(keys: ["4"]), by: .zero) == 1)
      var late: [ClaimedJob] = []
      try await eventually {
        late += try await queue.claim(kinds: ["look"], limit: 1, by: worker, for: .seconds(60))
        return late.contains { $0.key == "4" }
      }
      #expect(late.last?.priority == 7)
    }
  }

  @Test(arguments: Storage.allCases)
  func `postponed jobs wait, and keep their place`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(3))
      let running = try await queue.claimOne()
      #expect(try await queue.postpone(JobFilter(keys: ["1", "2"]), by: .seconds(3600)) == 1)
      #expect(
        try await queue.list(JobFilter(keys: ["2"]), limit: 1, offset: 0).jobs[0].notBefore
          .timeIntervalSinceNow > 3500)
      #expect(try await queue.postpone(JobFilter(), by: .milliseconds(200)) == 2)
      try await queue.handBack([running.lease])
      var order: [String] = []
      try await eventually {
        order += try await queue.claim(kinds: ["look"], limit: 9, by: worker, for: .seconds(60))
          .map(\.key)
        return order.count == 3
      }
      #expect(order == ["1", "2", "3"])
      #expect(try await queue.cancel(JobFilter()) == 3)
    }
  }

  @Test(arguments: Storage.allCases)
  func `a paused collection waits, whatever is queued for it`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      func claim() async throws -> [String] {
        try await queue.claim(kinds: ["judge", "look"], limit: 9, by: worker, for: .seconds(60))
          .map { "\($0.group) \($0.kind) \($0.key)" }
      }
      _ = try await queue.enqueue(jobs(2, group: "held"))
      try await queue.pause(JobScope(group: "held"))
      try await queue.pause(JobScope(kind: "judge", group: "other"))
      _ = try await queue.enqueue(
        jobs(1, kind: "judge", group: "held") + jobs(3, group: "held"))
      let other = [
        NewJob(kind: "judge", key: "a", payload: "{}", group: "other"),
        NewJob(kind: "look", key: "b", payload: "{}", group: "other"),
      ]
      _ = try await queue.enqueue(other)
      #expect(try await claim() == ["other look b"])
      #expect(try await queue.heartbeat(worker, holding: [:], for: .seconds(60)).paused.isEmpty)
      #expect(try await queue.pauses().count == 2)
      #expect(try await queue.cancel(JobFilter(keys: ["3"])) == 1)
      #expect(try await queue.prioritize(JobFilter(group: "held", kind: "look"), priority: 1) == 2)
      _ = try await queue.rescueExpired()
      #expect(try await claim().isEmpty)
      try await queue.resume(JobScope(kind: "judge", group: "other"))
      #expect(try await claim() == ["other judge a"])
      try await queue.resume(JobScope(group: "held"))
      #expect(try await claim() == ["held look 1", "held look 2", "held judge 1"])
      #expect(try await queue.pauses().isEmpty)
    }
  }

  private func onPostgres(
    _ body: (PostgresJobQueue, ConnectionPool) async throws -> Void
  ) async throws {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 12)
      try await body(PostgresJobQueue(pool: pool, policy: .hurried, restartGrace: .zero), pool)
      await pool.close()
    }
  }

  @Test func `a collection that goes on takes turns from where the others are`() async throws {
    try await onPostgres { queue, pool in
      _ = try await queue.enqueue(jobs(100, group: "held"))
      try await queue.pause(JobScope(group: "held"))
      func more(_ count: Int, _ group: String) -> [NewJob] {
        (0..<count).map { NewJob(kind: "look", key: "\(group) \($0)", payload: "{}", group: group) }
      }
      _ = try await queue.enqueue(more(400, "a"))
      _ = try await queue.claim(kinds: ["look"], limit: 200, by: worker, for: .seconds(60))
      _ = try await queue.enqueue(more(100, "b"))
      try await queue.resume(JobScope(group: "held"))
      let next = try await queue.claim(kinds: ["look"], limit: 60, by: worker, for: .seconds(60))
      #expect(next.count == 60)
      #expect((15...25).contains(next.count { $0.group == "held" }))
      // Its lane is kept as long as there is something in it.
      _ = try await queue.rescueExpired()
      while try await !queue.claim(kinds: ["look"], limit: 99, by: worker, for: .seconds(60))
        .isEmpty
      {}
      let lanes = { () async throws -> Int in
        try await pool.withConnection {
          try await $0.query("SELECT count(*) AS count FROM job_group WHERE has_lane")[0]
            .decode("count")
        }
      }
      #expect(try await lanes() == 1)
      _ = try await queue.rescueExpired()
      #expect(try await lanes() == 0)
    }
  }

  /// Everything at once, for a while: nothing may be lost, done twice, or stand where nobody finds it.
  @Test func `jobs that are moved about while they are claimed are all done once`() async throws {
    try await onPostgres { queue, pool in
      let groups = ["a", "b", "c"]
      for group in groups {
        _ = try await queue.enqueue(
          (0..<200).map {
            NewJob(
              kind: "look", key: "\(group) \($0)", payload: "{}", group: group,
              delay: .milliseconds($0 % 3 == 0 ? 300 : 0))
          })
      }
      let done = try await withThrowingTaskGroup(of: [Int64].self) { tasks in
        for number in 0..<4 {
          tasks.addTask {
            let me = WorkerIdentity(host: "box \(number)", process: 1)
            var done: [Int64] = []
            while try await !queue.isDrained(kinds: ["look"]) {
              let limit = [1, 7, 40].randomElement() ?? 1
              for job in try await queue.claim(
                kinds: ["look"], limit: limit, by: me, for: .seconds(60))
              {
                switch Int.random(in: 0..<10) {
                case 0: try await queue.handBack([job.lease])
                case 1 where job.attempt < 3:
                  _ = try await queue.fail(job.lease, JobFailure(message: "Once more."))
                default:
                  if try await queue.finish(job.lease, effects: { _ in }) {
                    done.append(job.lease.job)
                  }
                }
              }
            }
            return done
          }
        }
        for group in groups {
          tasks.addTask {
            for round in 0..<8 {
              _ = try await queue.prioritize(JobFilter(group: group), priority: round % 3)
              _ = try await queue.postpone(JobFilter(group: group), by: .milliseconds(round * 5))
              try await queue.pause(JobScope(group: group))
              _ = try await queue.rescueExpired()
              try await queue.resume(JobScope(group: group))
            }
            return []
          }
        }
        return try await tasks.reduce(into: []) { $0 += $1 }
      }
      #expect(done.count == 600 && Set(done).count == 600)
      let left: Int = try await pool.withConnection {
        try await $0.query(
          """
          SELECT (SELECT count(*) FROM ready) + (SELECT count(*) FROM delayed)
            + (SELECT count(*) FROM running) AS left
          """)[0].decode("left")
      }
      #expect(left == 0)
    }
  }
}
