import Foundation
import Jobs
import JobsPostgres
import Postgres
import TestSupport
import Testing

/// Jobs that wait for others, batches, outputs, and forgetting what is over.
@Suite struct DependencyTests {
  private func onQueue(
    _ body: (PostgresJobQueue, ConnectionPool) async throws -> Void
  ) async throws {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 12)
      try await body(PostgresJobQueue(pool: pool, policy: .hurried, restartGrace: .zero), pool)
      await pool.close()
    }
  }

  private func claim(_ queue: PostgresJobQueue, _ limit: Int = 99) async throws -> [ClaimedJob] {
    try await queue.claim(
      kinds: ["judge", "look", "tell"], limit: limit, by: worker, for: .seconds(60))
  }

  private func judging(_ count: Int) -> [NewJob] {
    jobs(count, kind: "judge").map { job in
      var job = job
      job.after = [JobName(kind: "look", key: job.key ?? "")]
      return job
    }
  }

  private let report = NewJob(kind: "tell", key: "all", payload: "{}", group: "c")

  private func left(_ pool: ConnectionPool) async throws -> Int {
    try await pool.withConnection {
      try await $0.query(
        "SELECT (SELECT count(*) FROM dependency) + (SELECT count(*) FROM blocked) AS left")[0]
        .decode("left")
    }
  }

  @Test func `each job starts when the one that it waits for is done`() async throws {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(jobs(3))
      #expect(try await queue.enqueue(judging(3)) == 3)
      let first = try await claim(queue)
      #expect(first.map(\.kind) == ["look", "look", "look"])
      #expect(try await queue.finish(first[1].lease) { _ in })
      #expect(try await claim(queue).map { "\($0.kind) \($0.key)" } == ["judge 2"])
      // What needs the success of one that fails for good is called off, until that is retried.
      _ = try await queue.fail(
        first[2].lease, JobFailure(message: "No.", kind: .error, isPermanent: true))
      #expect(try await claim(queue).isEmpty)
      func judge() async throws -> JobRecord {
        try #require(
          await queue.list(JobFilter(kind: "judge", keys: ["3"]), limit: 1, offset: 0).jobs.first)
      }
      var third = try await judge()
      #expect(third.state == .cancelled && third.prerequisite == first[2].lease.job)
      // Alone it is called off again.
      #expect(try await queue.retry(JobFilter(ids: [third.id])) == 1)
      third = try await judge()
      #expect(third.state == .cancelled && third.prerequisite == first[2].lease.job)
      #expect(try await queue.retry(JobFilter(ids: [first[2].lease.job])) == 1)
      third = try await judge()
      #expect(third.state == .waiting && third.waitsFor == 1 && third.prerequisite == nil)
      #expect(try await queue.show(third.id)?.waitsFor.map(\.id) == [first[2].lease.job])
      let again = try await claim(queue)
      #expect(again.map(\.kind) == ["look"])
      let done = try await queue.finish(
        [again[0].lease, first[0].lease], claiming: ["judge"], limit: 9, by: worker,
        for: .seconds(60))
      #expect(done.done.count == 2 && Set(done.claimed.map(\.key)) == ["1", "3"])
      #expect(try await left(pool) == 0)
      // What is done already is not waited for.
      var late = jobs(1, kind: "tell")[0]
      late.after = [JobName(kind: "look", key: "1"), JobName(kind: "look", key: "2")]
      _ = try await queue.enqueue([late])
      #expect(try await claim(queue).map(\.kind) == ["tell"])
      late.key = "unheard of"
      late.after = [JobName(kind: "look", key: "nobody")]
      let lost = [late]
      await #expect(throws: JobQueueError.self) { _ = try await queue.enqueue(lost) }
      #expect(try await queue.list(JobFilter(keys: ["unheard of"]), limit: 1, offset: 0).total == 0)
    }
  }

  @Test func `blocked jobs are called off, and get another priority`() async throws {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(jobs(2))
      _ = try await queue.enqueue(judging(2))
      #expect(try await queue.prioritize(JobFilter(kind: "judge"), priority: 5) == 2)
      #expect(try await queue.postpone(JobFilter(kind: "judge"), by: .seconds(60)) == 0)
      #expect(try await queue.cancel(JobFilter(kind: "judge", keys: ["1"])) == 1)
      for job in try await claim(queue) { #expect(try await queue.finish(job.lease) { _ in }) }
      #expect(try await claim(queue).map { "\($0.key) \($0.priority)" } == ["2 5"])
      #expect(try await left(pool) == 0)
    }
  }

  @Test func `what is called off while it waits for others waits for them when it comes back`()
    async throws
  {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(jobs(3))
      _ = try await queue.enqueue(judging(3))
      _ = try await pool.withTransaction {
        try await queue.enqueue(report, whenEnded: JobFilter(kind: "look"), in: $0)
      }
      let looks = try await claim(queue)
      #expect(try await queue.cancel(JobFilter(states: [.waiting])) == 4)
      #expect(try await queue.finish(looks[0].lease) { _ in })
      #expect(try await queue.retry(JobFilter(states: [.cancelled])) == 4)
      // Only what waits for nothing more starts.
      let free = try await claim(queue)
      #expect(free.map { "\($0.kind) \($0.key)" } == ["judge 1"])
      let waiting = try await queue.list(JobFilter(states: [.waiting]), limit: 9, offset: 0).jobs
      #expect(waiting.map(\.waitsFor) == [1, 1, 2])
      let waiters = try #require(await queue.show(looks[1].lease.job)).waiters
      #expect(waiters.map(\.job.kind) == ["judge", "tell"])
      #expect(waiters.map(\.needsSuccess) == [true, false])
      for job in looks[1...] { #expect(try await queue.finish(job.lease) { _ in }) }
      #expect(try await claim(queue).count == 3)
      #expect(try await left(pool) == 0)
    }
  }

  @Test func `what waits in vain ends, with all behind it, and comes back with what it waits for`()
    async throws
  {
    try await onQueue { queue, pool in
      // look 1 → judge 1 → tell 1, and one that waits for whatever end of all.
      _ = try await queue.enqueue(jobs(2))
      _ = try await queue.enqueue(judging(2))
      var tell = NewJob(kind: "tell", key: "1", payload: "{}", group: "c")
      tell.after = [JobName(kind: "judge", key: "1"), JobName(kind: "judge", key: "2")]
      _ = try await queue.enqueue([tell])
      _ = try await pool.withTransaction {
        try await queue.enqueue(report, whenEnded: JobFilter(group: "c", kind: "judge"), in: $0)
      }
      func states(_ kind: String) async throws -> [JobState] {
        try await queue.list(JobFilter(kind: kind), limit: 9, offset: 0).jobs.map(\.state)
      }
      let looks = try await claim(queue, 2)
      // One that a person called off does not come back by itself.
      #expect(try await queue.cancel(JobFilter(kind: "judge", keys: ["2"])) == 1)
      #expect(try await states("tell") == [.cancelled, .waiting])
      for look in looks {
        let failure = JobFailure(message: "No.", kind: .error, isPermanent: true)
        _ = try await queue.fail(look.lease, failure)
      }
      #expect(try await states("judge") == [.cancelled, .cancelled])
      // All have ended, so the batch has.
      #expect(try await claim(queue).map(\.key) == ["all"])
      #expect(try await queue.retry(JobFilter(kind: "look")) == 2)
      #expect(try await states("judge") == [.waiting, .cancelled])
      #expect(try await states("tell") == [.cancelled, .running])
      #expect(try await queue.retry(JobFilter(kind: "judge")) == 1)
      #expect(try await states("judge") == [.waiting, .waiting])
      #expect(try await states("tell") == [.waiting, .running])
      for kind in ["look", "judge", "tell"] {
        let claimed = try await claim(queue)
        #expect(Set(claimed.map(\.kind)) == [kind])
        for job in claimed { #expect(try await queue.finish(job.lease) { _ in }) }
      }
      #expect(try await left(pool) == 0)
    }
  }

  @Test func `a batch tells when its last member has ended, with what followed from it`()
    async throws
  {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(jobs(3))
      let filter = JobFilter(group: "c")
      let isNew = try await pool.withTransaction {
        try await [
          queue.enqueue(report, whenEnded: filter, in: $0),
          queue.enqueue(report, whenEnded: filter, in: $0),
        ]
      }
      #expect(isNew == [true, false])
      _ = try await queue.enqueue([NewJob(kind: "look", key: "late", payload: "{}", group: "c")])
      let members = try await claim(queue, 3)
      let isDone = try await queue.finish(members[0].lease) { transaction in
        var judge = NewJob(kind: "judge", key: "1", payload: "{}", group: "c")
        judge.follows = members[0].lease.job
        _ = try await queue.enqueue([judge], in: transaction)
        try await queue.record(output: #"{"frames": 3}"#, of: members[0].lease.job, in: transaction)
      }
      #expect(isDone)
      #expect(try await queue.show(members[0].lease.job)?.output == #"{"frames": 3}"#)
      #expect(try await queue.cancel(JobFilter(ids: [members[1].lease.job])) == 1)
      _ = try await queue.fail(
        members[2].lease, JobFailure(message: "No.", kind: .error, isPermanent: true))
      let rest = try await claim(queue)
      #expect(Set(rest.map(\.kind)) == ["judge", "look"])
      let judge = try #require(rest.first { $0.kind == "judge" })
      #expect(try await queue.finish(judge.lease) { _ in })
      #expect(try await claim(queue).map(\.kind) == ["tell"])
      #expect(try await left(pool) == 0)
    }
  }

  @Test func `whoever waits is let go on, however closely the others end`() async throws {
    try await onQueue { queue, pool in
      for round in 0..<12 {
        let members = (0..<24).map {
          NewJob(kind: "look", key: "\(round) \($0)", payload: "{}", group: "r\(round)")
        }
        _ = try await queue.enqueue(members)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
          for number in 0..<4 {
            tasks.addTask {
              let me = WorkerIdentity(host: "box \(number)", process: 1)
              while true {
                let jobs = try await queue.claim(
                  kinds: ["look", "judge"], limit: 2, by: me, for: .seconds(60))
                if jobs.isEmpty { return }
                if number.isMultiple(of: 2) {
                  _ = try await queue.finish(
                    jobs.map(\.lease), claiming: [], limit: 0, by: me, for: .seconds(60))
                } else {
                  for job in jobs { _ = try await queue.finish(job.lease) { _ in } }
                }
              }
            }
          }
          tasks.addTask {
            let told = NewJob(
              kind: "tell", key: "\(round)", payload: "{}", group: "tell")
            _ = try await pool.withTransaction {
              try await queue.enqueue(told, whenEnded: JobFilter(group: "r\(round)"), in: $0)
            }
          }
          for part in 0..<2 {
            tasks.addTask {
              let followers = members.enumerated().filter { $0.offset % 2 == part }.map { _, job in
                var judge = NewJob(kind: "judge", key: job.key, payload: "{}", group: "judged")
                judge.after = [JobName(kind: "look", key: job.key ?? "")]
                return judge
              }
              let added = try await queue.enqueue(followers)
              #expect(added == 12)
            }
          }
          try await tasks.waitForAll()
        }
      }
      var judged = 0
      while case let jobs = try await queue.claim(
        kinds: ["judge"], limit: 99, by: worker, for: .seconds(60)), !jobs.isEmpty
      {
        judged += jobs.count
        _ = try await queue.finish(
          jobs.map(\.lease), claiming: [], limit: 0, by: worker, for: .seconds(60))
      }
      #expect(
        try await queue.list(JobFilter(states: [.done], kind: "judge"), limit: 1, offset: 0).total
          == 12 * 24)
      #expect(
        try await queue.claim(kinds: ["tell"], limit: 99, by: worker, for: .seconds(60)).count == 12
      )
      #expect(try await left(pool) == 0)
    }
  }

  @Test func `what ended long ago is forgotten`() async throws {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(jobs(8))
      _ = try await queue.enqueue(judging(8))
      let claimed = try await claim(queue, 6)
      for job in claimed[..<4] { #expect(try await queue.finish(job.lease) { _ in }) }
      for job in claimed[4...] {
        _ = try await queue.fail(
          job.lease, JobFailure(message: "No.", kind: .error, isPermanent: true))
      }
      func prune(_ states: Set<JobState>, _ age: Duration? = .seconds(1)) async throws -> Int {
        try await queue.prune(JobFilter(states: states), olderThan: age)
      }
      // Nothing is old enough, whatever is asked for.
      #expect(try await prune([.done]) == 0)
      try await pool.withConnection {
        _ = try await $0.execute(
          "UPDATE finished SET finished_at = now() - interval '2 hours' WHERE job_id <> $1",
          [.int(claimed[0].lease.job)])
      }
      #expect(try await prune([.done], nil) == 0)
      try await queue.changePolicy(of: nil) { $0.keep = .seconds(3600) }
      #expect(
        try await queue.prune(JobFilter(states: [.done]), olderThan: nil, isTrial: true) == 3)
      #expect(try await prune([.done], nil) == 3)
      #expect(try await prune([.failed]) == 2)
      #expect(try await queue.list(JobFilter(kind: "look"), limit: 1, offset: 0).total == 3)
      // The keys are free again.
      #expect(try await queue.enqueue(jobs(8)) == 5)
    }
  }

  @Test func `a worker stops when a newer program has changed the schema`() async throws {
    try await Storage.postgres.onQueue { queue in
      _ = try await queue.enqueue(jobs(1))
      let handler = LookHandler { _, _ in
        try await queue.pretendMigration(named: "9999_later.sql")
        try await untilCancelled {}
        return ""
      }
      let old = Worker(
        queue: queue, handlers: ["look": handler], concurrency: 1, identity: worker,
        settings: .hurried(drains: true), logger: .silent)
      let files = try FileManager.default.contentsOfDirectory(atPath: TestDatabase.migrationsFolder)
      let known = files.filter { $0.hasSuffix(".sql") }.count
      await #expect(throws: JobQueueError.newerSchema(found: 9999, known: known)) {
        _ = try await old.run()
      }
      #expect(try await queue.tally() == [.waiting: 1])
    }
  }
}
