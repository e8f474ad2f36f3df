import Foundation
import Jobs
import Synchronization
import Testing

/// What the contract says of attempts and who may end them, of both queues.
@Suite struct LeaseTests {
  private struct Refused: Error {}

  @Test(arguments: Storage.allCases)
  func `many who claim at once never get the same job`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(500))
      let claimed = try await withThrowingTaskGroup(of: [Int64].self) { group in
        for _ in 0..<8 {
          group.addTask {
            var mine: [Int64] = []
            while true {
              let more = try await queue.claim(
                kinds: ["look"], limit: 7, by: worker, for: .seconds(60))
              if more.isEmpty { return mine }
              mine += more.map(\.lease.job)
            }
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(claimed.count == 500)
      #expect(Set(claimed).count == 500)
    }
  }

  @Test(arguments: Storage.allCases)
  func `a result is stored once, however often it is sent`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1))
      let job = try await queue.claimOne()
      let answers = [
        try await queue.finish(job.lease, note: "result"),
        try await queue.finish(job.lease, note: "result"),
      ]
      #expect(answers == [true, true])
      #expect(try await queue.notes() == ["result"])
      #expect(try await queue.fail(job.lease, JobFailure(message: "Too late.")) == nil)
      let record = try await queue.record(job.lease.job)
      #expect(record.state == .done && record.finishedAt != nil && record.host == "box")
    }
  }

  @Test(arguments: Storage.allCases)
  func `when effects cannot be stored, nothing is, and the lease still holds`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1))
      let job = try await queue.claimOne()
      await #expect(throws: Refused.self) {
        _ = try await queue.finish(job.lease) { transaction in
          try await transaction.write("half")
          throw Refused()
        }
      }
      #expect(try await queue.notes().isEmpty)
      #expect(try await queue.record(job.lease.job).state == .running)
      let reply = try await queue.heartbeat(worker, holding: [job.lease: 1], for: .seconds(60))
      #expect(reply.isQuiet)
      #expect(try await queue.finish(job.lease, note: "whole"))
      #expect(try await queue.notes() == ["whole"])
    }
  }

  @Test(arguments: Storage.allCases)
  func `a job whose worker died is done by another, and the dead one keeps nothing`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1))
      let dead = try await queue.claimOne(for: .milliseconds(20))
      try await eventually { try await queue.rescueExpired() == 1 }
      let record = try await queue.record(dead.lease.job)
      #expect(record.state == .waiting && record.strikes == Strikes(interruptions: 1))
      let alive = try await queue.claimOne()
      #expect(alive.lease.job == dead.lease.job && alive.attempt == 2)
      #expect(try await !queue.finish(dead.lease, note: "late"))
      #expect(try await queue.fail(dead.lease, JobFailure(message: "Late.")) == nil)
      try await queue.handBack([dead.lease])
      let reply = try await queue.heartbeat(worker, holding: [dead.lease: 0], for: .seconds(60))
      #expect(reply.lost == [dead.lease] && reply.cancelled.isEmpty)
      #expect(try await queue.record(dead.lease.job).state == .running)
      #expect(try await queue.finish(alive.lease, note: "result"))
      #expect(try await queue.notes() == ["result"])
      let attempts = try #require(await queue.show(dead.lease.job)).attempts
      #expect(attempts.map(\.outcome) == [.failed(.lost), .done])
    }
  }

  @Test(arguments: Storage.allCases)
  func `heartbeats keep a lease, also one that just ran out`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(2))
      let short = try await queue.claimOne(for: .milliseconds(1))
      let other = try await queue.claimOne(for: .milliseconds(1))
      let reply = try await queue.heartbeat(worker, holding: [short.lease: 0.25], for: .seconds(60))
      #expect(reply.isQuiet)
      #expect(try await queue.record(short.lease.job).progress == 0.25)
      try await eventually { try await queue.rescueExpired() == 1 }
      #expect(try await queue.rescueExpired() == 0)
      #expect(try await queue.record(other.lease.job).state == .waiting)
      #expect(try await queue.finish(short.lease, note: "result"))
    }
  }

  @Test(arguments: Storage.allCases)
  func `errors are tried again until there are too many`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1, maxErrors: 3))
      var states: [JobState?] = []
      for number in 1...3 {
        let job = try await queue.claimOne()
        states.append(try await queue.fail(job.lease, JobFailure(message: "Error \(number)")))
      }
      #expect(states == [.waiting, .waiting, .failed])
      let record = try #require(await queue.list(JobFilter(), limit: 1, offset: 0).jobs.first)
      #expect(record.failure == .init(kind: .error, message: "Error 3"))
      #expect(record.attempts == 3 && record.strikes == Strikes(errors: 3))
    }
  }

  @Test(arguments: Storage.allCases)
  func `a permanent failure ends a job at once`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1))
      let job = try await queue.claimOne()
      let state = try await queue.fail(
        job.lease, JobFailure(message: "Not a video: \0 \u{1B}[31m", isPermanent: true))
      #expect(state == .failed)
    }
  }

  @Test(arguments: Storage.allCases)
  func `a job that kills its process twice is set aside`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1))
      let kinds: [FailureKind] = [.error, .signal(11), .signal(9), .outOfMemory]
      var states: [JobState?] = []
      for kind in kinds {
        let job = try await queue.claimOne()
        states.append(try await queue.fail(job.lease, JobFailure(message: "Ended.", kind: kind)))
      }
      #expect(states == [.waiting, .waiting, .waiting, .quarantined])
      let details = try #require(await queue.list(JobFilter(), limit: 1, offset: 0).jobs.first)
      #expect(details.strikes == Strikes(errors: 1, deaths: 2, interruptions: 1))
      let attempts = try #require(await queue.show(details.id)).attempts
      #expect(attempts.map(\.outcome) == kinds.map(AttemptOutcome.failed))
    }
  }

  @Test(arguments: Storage.allCases)
  func `a failed job waits before it is tried again`(storage: Storage) async throws {
    let policy = RetryPolicy(firstPause: .milliseconds(300))
    try await storage.onQueue(policy: policy) { queue in
      _ = try await queue.enqueue(jobs(1))
      let job = try await queue.claimOne()
      let failed = ContinuousClock.now
      _ = try await queue.fail(job.lease, JobFailure(message: "No luck."))
      var again: [ClaimedJob] = []
      try await eventually {
        again = try await queue.claim(kinds: ["look"], limit: 1, by: worker, for: .seconds(60))
        return !again.isEmpty
      }
      #expect(ContinuousClock.now - failed >= .milliseconds(145))
      #expect(again.first?.attempt == 2)
    }
  }

  @Test(arguments: Storage.allCases)
  func `what is handed back waits in its old place, and nothing counts against it`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(3))
      let job = try await queue.claimOne()
      try await queue.handBack([job.lease])
      let record = try await queue.record(job.lease.job)
      #expect(record.state == .waiting && record.strikes == Strikes() && record.failure == nil)
      let next = try await queue.claimOne()
      #expect(next.key == "1" && next.attempt == 2)
      #expect(next.lease != job.lease)
    }
  }

  @Test(arguments: Storage.allCases)
  func `many are done and claimed in one step, and a lost lease ends nothing`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(6))
      let first = try await queue.claim(kinds: ["look"], limit: 3, by: worker, for: .seconds(60))
      let leases = first.map(\.lease)
      let stolen = Lease(job: leases[0].job, token: leases[0].token &+ 1)
      func finish(_ leases: [Lease], _ limit: Int) async throws -> (Set<Lease>, [ClaimedJob]) {
        try await queue.finish(
          leases, claiming: ["look"], limit: limit, by: worker, for: .seconds(60))
      }
      let (done, next) = try await finish([leases[2], stolen, leases[1]], 2)
      #expect(done == [leases[1], leases[2]])
      #expect(next.map(\.key) == ["4", "5"])
      #expect(try await queue.tally() == [.running: 3, .done: 2, .waiting: 1])
      // The answer got lost: the same again.
      let (again, none) = try await finish([leases[1], leases[2]], 0)
      #expect(again == [leases[1], leases[2]] && none.isEmpty)
      let (rest, last) = try await finish([leases[0]] + next.map(\.lease), 9)
      #expect(rest.count == 3 && last.map(\.key) == ["6"])
      let attempts = try #require(await queue.show(leases[1].job)).attempts
      #expect(attempts.map(\.outcome) == [.done])
    }
  }

  @Test(arguments: Storage.allCases)
  func `an attempt for which it was too early does not count`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1))
      let job = try await queue.claimOne()
      let reason = "The disk is away."
      #expect(try await queue.snooze(job.lease, for: .seconds(60), because: reason))
      #expect(try await !queue.snooze(job.lease, for: .seconds(60), because: reason))
      #expect(try await !queue.finish(job.lease, note: "late"))
      let record = try await queue.record(job.lease.job)
      #expect(record.state == .waiting && record.attempts == 0 && record.strikes == Strikes())
      #expect(record.notBefore.timeIntervalSinceNow > 50 && record.waitReason == reason)
      #expect(try await queue.show(job.lease.job)?.attempts == [])
      #expect(try await queue.claim(kinds: ["look"], limit: 1, by: worker, for: .seconds(9)) == [])
      #expect(try await queue.postpone(JobFilter(), by: .zero) == 1)
      #expect(try await queue.claimOne().attempt == 1)
      #expect(try await queue.record(job.lease.job).waitReason == nil)
    }
  }

  @Test(arguments: Storage.allCases)
  func `a worker tries again what says that it is too early`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1, maxErrors: 1))
      let looks = Mutex(0)
      let handler = LookHandler { job, _ in
        if looks.withLock({
          $0 += 1; return $0 < 4
        }) {
          throw JobSnooze(for: .milliseconds(20), because: "The clip is still being copied.")
        }
        return "attempt \(job.attempt)"
      }
      let summary = try await Worker(
        queue: queue, handlers: ["look": handler], concurrency: 1, identity: worker,
        settings: .hurried(drains: true), logger: .silent
      ).run()
      #expect(summary.snoozed == 3 && summary.done == 1 && summary.failed == 0)
      #expect(try await queue.notes() == ["attempt 1"])
    }
  }
}
