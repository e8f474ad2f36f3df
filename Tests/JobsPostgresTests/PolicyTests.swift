import Foundation
import Jobs
import JobsPostgres
import Postgres
import Synchronization
import TestSupport
import Testing

/// Limits of what runs and starts, and how kinds are tried again.
@Suite struct PolicyTests {
  private func onQueue(
    _ body: (PostgresJobQueue, ConnectionPool) async throws -> Void
  ) async throws {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 12)
      try await body(PostgresJobQueue(pool: pool, restartGrace: .zero), pool)
      await pool.close()
    }
  }

  private func claim(
    _ queue: PostgresJobQueue, _ limit: Int, kinds: [String] = ["judge", "look"]
  ) async throws -> [ClaimedJob] {
    try await queue.claim(kinds: kinds, limit: limit, by: worker, for: .seconds(60))
  }

  @Test func `limits of kinds, of collections and of everything hold together`() async throws {
    try await onQueue { queue, _ in
      _ = try await queue.enqueue(jobs(20, group: "a"))
      try await queue.changeLimit(of: JobScope(group: "a")) { $0.maxRunning = 6 }
      try await queue.changeLimit(of: JobScope(kind: "judge")) { $0.maxRunning = 4 }
      try await queue.changeLimit(of: JobScope(kind: "judge", group: "a")) { $0.maxRunning = 1 }
      _ = try await queue.enqueue(jobs(20, kind: "judge", group: "a"))
      _ = try await queue.enqueue(
        (0..<20).map { NewJob(kind: "judge", key: "b\($0)", payload: "{}", group: "b") })
      let first = try await claim(queue, 50)
      func count(_ kind: String, _ group: String) -> Int {
        first.count { $0.kind == kind && $0.group == group }
      }
      #expect(count("judge", "a") == 1 && count("look", "a") == 5 && count("judge", "b") == 3)
      #expect(try await claim(queue, 50).isEmpty)
      let ended = try #require(first.first { $0.kind == "look" })
      #expect(try await queue.finish(ended.lease) { _ in })
      #expect(try await claim(queue, 50).map(\.kind) == ["look"])
      try await queue.changeLimit(of: .everything) { $0.maxRunning = 10 }
      try await queue.changeLimit(of: JobScope(group: "a")) { $0.maxRunning = nil }
      #expect(try await claim(queue, 50).map(\.kind) == ["look"])
      #expect(try await queue.limits().map(\.maxRunning) == [10, 4, 1])
      // Without any of them, claims are as before.
      for limit in try await queue.limits() {
        try await queue.changeLimit(of: limit.scope) { $0.maxRunning = nil }
      }
      #expect(try await queue.limits().isEmpty)
      #expect(try await claim(queue, 100).count == 49)
    }
  }

  @Test func `a limit is never exceeded, however many claim at once`() async throws {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(jobs(400, group: "a"))
      try await queue.changeLimit(of: JobScope(group: "a")) { $0.maxRunning = 5 }
      let results = try await withThrowingTaskGroup(of: (done: Int, most: Int).self) { tasks in
        for number in 0..<6 {
          tasks.addTask {
            let me = WorkerIdentity(host: "box \(number)", process: 1)
            var (done, most) = (0, 0)
            while try await !queue.isDrained(kinds: ["look"]) {
              let jobs = try await queue.claim(
                kinds: ["look"], limit: 3, by: me, for: .seconds(60))
              let running: Int = try await pool.withConnection {
                try await $0.query("SELECT count(*) AS count FROM running")[0].decode("count")
              }
              most = max(most, running)
              for job in jobs where try await queue.finish(job.lease, effects: { _ in }) {
                done += 1
              }
            }
            return (done, most)
          }
        }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
      #expect(results.reduce(0) { $0 + $1.done } == 400)
      #expect(results.allSatisfy { $0.most <= 5 })
    }
  }

  @Test func `so many start in a time, and then more as time passes`() async throws {
    try await onQueue { queue, _ in
      _ = try await queue.enqueue(jobs(100))
      try await queue.changeLimit(of: JobScope(kind: "look")) {
        $0.rate = JobLimit.Rate(starts: 10, every: .seconds(2))
      }
      let began = ContinuousClock.now
      #expect(try await claim(queue, 50).count == 10)
      #expect(try await claim(queue, 50).count <= 2)
      let reply = try await queue.heartbeat(worker, holding: [:], for: .seconds(60))
      #expect(reply.pace == .milliseconds(200))
      var started = 12
      try await eventually {
        started += try await claim(queue, 50).count
        return started >= 20
      }
      let seconds = (ContinuousClock.now - began) / .seconds(1)
      #expect(Double(started - 10) <= seconds * 5 + 3)
      try await queue.changeLimit(of: JobScope(kind: "look")) { $0.rate = nil }
      #expect(try await claim(queue, 200).count > 60)
    }
  }

  @Test func `failures are judged by the policy of their kind`() async throws {
    try await onQueue { queue, _ in
      try await queue.changePolicy(of: nil) {
        $0.maxErrors = 1
        $0.firstPause = .seconds(100)
      }
      try await queue.changePolicy(of: "look") {
        $0.maxErrors = 2
        $0.jitter = 0
        $0.maxDeaths = 1
      }
      _ = try await queue.enqueue(jobs(2) + jobs(1, kind: "judge"))
      func fail(_ job: ClaimedJob, _ kind: FailureKind = .error) async throws -> JobState? {
        try await queue.fail(job.lease, JobFailure(message: "No luck.", kind: kind))
      }
      let claimed = try await claim(queue, 9).sorted { ($0.kind, $0.key) < ($1.kind, $1.key) }
      #expect(try await fail(claimed[0]) == .failed)
      #expect(try await fail(claimed[1]) == .waiting)
      #expect(try await fail(claimed[2], .signal(11)) == .quarantined)
      let record = try #require(await queue.show(claimed[1].lease.job)).job
      #expect(abs(record.notBefore.timeIntervalSinceNow - 100) < 5)
      #expect(record.maxErrors == 2)
      try await queue.changePolicy(of: "look") { $0 = KindPolicy(kind: "look") }
      #expect(try await queue.policies().map(\.kind) == [nil])
    }
  }

  @Test func `an attempt that takes too long is ended, and counts as a death`() async throws {
    try await Storage.postgres.onQueue { queue in
      try await queue.limitTime(of: "look", to: .milliseconds(300))
      _ = try await queue.enqueue(jobs(2))
      let hung = Mutex(0)
      let handler = LookHandler { job, _ in
        if job.key == "1" { try await untilCancelled { hung.withLock { $0 += 1 } } }
        return job.key
      }
      let summary = try await Worker(
        queue: queue, handlers: ["look": handler], concurrency: 2, identity: worker,
        settings: .hurried(drains: true), logger: .silent
      ).run()
      #expect(summary.done == 1 && summary.failed == 1 && summary.retried == 1)
      #expect(hung.withLock { $0 } == 2)
      let page = try await queue.list(JobFilter(states: [.quarantined]), limit: 2, offset: 0)
      #expect(page.jobs.map(\.key) == ["1"])
      #expect(page.jobs.first?.strikes == Strikes(deaths: 2))
      #expect(page.jobs.first?.failure?.kind == .timeout)
      #expect(try await queue.notes() == ["2"])
    }
  }
}
