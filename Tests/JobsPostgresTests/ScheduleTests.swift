import Foundation
import Jobs
import JobsPostgres
import Postgres
import TestSupport
import Testing

/// Jobs that are queued again and again.
@Suite struct ScheduleTests {
  private func onQueue(
    _ body: (PostgresJobQueue, ConnectionPool) async throws -> Void
  ) async throws {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 12)
      try await body(PostgresJobQueue(pool: pool, policy: .hurried, restartGrace: .zero), pool)
      await pool.close()
    }
  }

  private let job = NewJob(kind: "look", key: nil, payload: #"{"a": 1}"#, group: "c", priority: 3)

  /// Lets the times of all schedules, those that were queued for included, have been so many seconds
  /// earlier.
  private func pass(_ seconds: Int, _ pool: ConnectionPool) async throws {
    try await pool.withConnection {
      _ = try await $0.execute(
        """
        UPDATE schedule SET next_at = next_at - make_interval(secs => $1),
          last_at = last_at - make_interval(secs => $1)
        """, [.double(Double(seconds))])
      // By way of keys that no job has, since an earlier time may be another job's still.
      _ = try await $0.execute(
        """
        UPDATE job SET key = '~' || split_part(key, ' ', 1) || ' ' || to_char(
          (split_part(key, ' ', 2)::timestamptz - make_interval(secs => $1)) AT TIME ZONE 'UTC',
          'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        """, [.double(Double(seconds))])
      _ = try await $0.execute("UPDATE job SET key = ltrim(key, '~')")
    }
  }

  private func total(_ queue: PostgresJobQueue) async throws -> Int {
    try await queue.list(JobFilter(), limit: 0, offset: 0).total
  }

  @Test func `every time is queued for once, however many look`() async throws {
    try await onQueue { queue, pool in
      try await queue.schedule("tick", .every(.seconds(3600)), job, missed: .all)
      try await queue.schedule("tock", .every(.seconds(3600)), job, missed: .all)
      for round in 1...5 {
        try await withThrowingTaskGroup(of: Duration?.self) { group in
          for _ in 0..<10 { group.addTask { try await queue.enqueueScheduled().next } }
          for try await next in group { #expect(try #require(next) <= .seconds(3600)) }
        }
        // Those that came while another was queueing went away with nothing done.
        _ = try await queue.enqueueScheduled()
        #expect(try await total(queue) == 2 * round)
        try await pass(3600, pool)
      }
      let jobs = try await queue.list(JobFilter(), limit: 10, offset: 0).jobs
      #expect(jobs.allSatisfy { $0.priority == 3 && $0.payload == job.payload && $0.group == "c" })
      #expect(Set(jobs.map(\.key)).count == 10)
    }
  }

  @Test(arguments: Schedule.Missed.allCases)
  func `what becomes of missed times is a choice`(missed: Schedule.Missed) async throws {
    try await onQueue { queue, pool in
      try await queue.schedule("tick", .every(.seconds(600)), job, missed: missed)
      _ = try await queue.enqueueScheduled()
      #expect(try await total(queue) == 1)
      let claimed = try await queue.claim(kinds: ["look"], limit: 1, by: worker, for: .seconds(60))
      #expect(try await queue.finish(claimed[0].lease) { _ in })
      try await pass(3000 + 120, pool)
      let next = try #require(await queue.enqueueScheduled().next)
      #expect(next > .seconds(470) && next <= .seconds(480))
      #expect(try await total(queue) == [.skip: 1, .once: 2, .all: 6][missed])
      // The one before still waits.
      try await pass(600, pool)
      _ = try await queue.enqueueScheduled()
      #expect(try await total(queue) == [.skip: 1, .once: 2, .all: 7][missed])
    }
  }

  @Test func `a schedule is replaced, rests, goes on and is forgotten`() async throws {
    try await onQueue { queue, pool in
      let cron = try CronExpression("0 4 * * *")
      let first = try await queue.schedule("nightly", .cron(cron), job)
      #expect(first.nextAt.timeIntervalSinceNow < 86_400)
      #expect(try await queue.schedules().readable == [first])
      #expect(try await queue.pause(schedule: "nightly"))
      try await pass(3 * 86_400, pool)
      #expect(try await queue.enqueueScheduled().next == nil)
      #expect(try await total(queue) == 0)
      #expect(try await queue.resume(schedule: "nightly"))
      let next = try #require(await queue.enqueueScheduled().next)
      #expect(next > .zero && next <= .seconds(86_400))
      #expect(try await total(queue) == 0)
      #expect(try await queue.schedules().readable[0].nextAt == first.nextAt)
      try await queue.schedule("nightly", .every(.seconds(60)), job, missed: .skip)
      #expect(try await queue.schedules().readable.map(\.rhythm) == [.every(.seconds(60))])
      #expect(try await queue.unschedule("nightly"))
      #expect(try await !queue.unschedule("nightly"))
      #expect(try await !queue.pause(schedule: "nightly"))
    }
  }

  @Test func `one that cannot be read or queued for keeps no other from it`() async throws {
    try await onQueue { queue, pool in
      for name in ["a", "b", "c", "d"] {
        try await queue.schedule(name, .every(.seconds(3600)), job, missed: .all)
      }
      try await pool.withConnection {
        try await $0.executeScript(
          """
          UPDATE schedule SET every = NULL, cron = 'whenever' WHERE name = 'a';
          UPDATE schedule SET kind = (
            SELECT string_agg(md5(number::text), '') FROM generate_series(1, 400) AS number
          ) WHERE name = 'c'
          """)
      }
      let outcome = try await queue.enqueueScheduled()
      #expect(outcome.problems.map(\.schedule) == ["a", "c"])
      #expect(outcome.problems[0].reason.contains("“whenever” is no cron expression"))
      #expect(try #require(outcome.next) > .seconds(3000))
      let queued = try await queue.list(JobFilter(), limit: 9, offset: 0).jobs
      #expect(queued.map { $0.key.prefix(1) } == ["b", "d"])
      let listed = try await queue.schedules()
      #expect(listed.readable.map(\.name) == ["b", "c", "d"])
      #expect(listed.problems.map(\.schedule) == ["a"])
      #expect(try await queue.pause(schedule: "a"))
      #expect(try await queue.enqueueScheduled().problems.map(\.schedule) == ["c"])
      #expect(try await queue.unschedule("c"))
      #expect(try await queue.enqueueScheduled().problems.isEmpty)
    }
  }

  @Test func `workers queue what is due, and do it`() async throws {
    try await Storage.postgres.onQueue { queue in
      try await queue.scheduleEverySecond(job)
      let handler = LookHandler { job, _ in job.key }
      let workers = (0..<3).map { number in
        Worker(
          queue: queue, handlers: ["look": handler], concurrency: 1,
          identity: WorkerIdentity(host: "box \(number)", process: 1),
          settings: .hurried(drains: false), logger: .silent)
      }
      let tasks = workers.map { worker in Task { try await worker.run() } }
      try await eventually { try await queue.notes().count >= 3 }
      tasks.forEach { $0.cancel() }
      for task in tasks { _ = try await task.value }
      let notes = try await queue.notes()
      #expect(Set(notes).count == notes.count)
    }
  }
}
