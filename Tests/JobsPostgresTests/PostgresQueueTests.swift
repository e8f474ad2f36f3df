import Jobs
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import JobsPostgres

/// What only the queue in PostgreSQL has to stand up to.
@Suite struct PostgresQueueTests {
  private func onQueue(
    _ body: (PostgresJobQueue, ConnectionPool) async throws -> Void
  ) async throws {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 8)
      try await body(PostgresJobQueue(pool: pool, policy: .hurried, restartGrace: .zero), pool)
      await pool.close()
    }
  }

  @Test func `a hundred thousand jobs are queued in their order, and only once`()
    async throws
  {
    try await onQueue { queue, _ in
      let many = jobs(100_000)
      let added = try await queue.enqueue(many)
      let again = try await queue.enqueue(many)
      #expect([added, again] == [100_000, 0])
      let claimed = try await queue.claim(
        kinds: ["look"], limit: 3, by: worker, for: .seconds(60))
      #expect(claimed.map(\.key) == ["1", "2", "3"])
    }
  }

  @Test func `jobs without keys are queued many at a time as they come`() async throws {
    try await onQueue { queue, _ in
      func job(_ number: Int, _ group: String, priority: Int = 0) -> NewJob {
        NewJob(
          kind: "look", key: nil, payload: #"{"n": "\#(number) ü"}"#, group: group,
          priority: priority, maxErrors: 7)
      }
      let many = (0..<45_000).map { job($0, $0 % 3 == 0 ? "a" : "b") } + [job(-1, "c", priority: 1)]
      #expect(try await queue.enqueue(many) == 45_001)
      #expect(try await queue.enqueue([job(1, "d")] + many) == 45_002)
      let claimed = try await queue.claim(
        kinds: ["look"], limit: 4, by: worker, for: .seconds(60))
      #expect(claimed.map(\.group) == ["c", "c", "a", "b"])
      #expect(claimed[2].payload == #"{"n": "0 ü"}"# && claimed[2].key.isEmpty)
      let listed = try await queue.list(JobFilter(group: "a"), limit: 1, offset: 14_999)
      #expect(listed.total == 30_000 && listed.jobs[0].maxErrors == 7)
      await #expect(throws: PostgresError.self) {
        var broken = many
        broken[44_000].payload = "no JSON"
        _ = try await queue.enqueue(broken)
      }
      #expect(try await queue.list(JobFilter(), limit: 1, offset: 0).total == 90_003)
    }
  }

  @Test func `large claims skip what was claimed before, and yet miss nothing`() async throws {
    try await onQueue { queue, _ in
      _ = try await queue.enqueue(jobs(300, priority: 1))
      let first = try await queue.claim(kinds: ["look"], limit: 100, by: worker, for: .seconds(60))
      // Both now stand before the place where the next claim begins.
      try await queue.handBack(first.prefix(10).map(\.lease))
      _ = try await queue.enqueue(
        jobs(10, kind: "look", group: "urgent", priority: 9).map {
          NewJob(kind: "look", key: nil, payload: $0.payload, group: "urgent", priority: 9)
        })
      var seen = Set(first.dropFirst(10).map(\.lease.job))
      while true {
        let more = try await queue.claim(kinds: ["look"], limit: 50, by: worker, for: .seconds(60))
        if more.isEmpty { break }
        #expect(seen.isDisjoint(with: more.map(\.lease.job)))
        seen.formUnion(more.map(\.lease.job))
      }
      #expect(seen.count == 310)
    }
  }

  @Test func `nobody is notified while nobody sleeps`() async throws {
    try await onQueue { queue, pool in
      let listener = try await Connection.connect(to: pool.target)
      let heard = try await listener.notifications(on: "avu_jobs")
      _ = try await queue.enqueue(jobs(3))
      try await listener.executeScript("NOTIFY avu_jobs, 'the first'")
      var first: String?
      for await notification in heard {
        first = notification.payload
        break
      }
      #expect(first == "the first")
      await listener.close()
    }
  }

  @Test func `a job that comes while somebody falls asleep is not slept through`() async throws {
    try await onQueue { queue, pool in
      let bell = try await queue.wakeUps()
      let rings = Mutex(0)
      let listening = Task { for await _ in bell { rings.withLock { $0 += 1 } } }
      // Awake: the last claim got all that it asked for, and the first looks are over.
      _ = try await queue.enqueue(jobs(1))
      let first = try await queue.claim(kinds: ["look"], limit: 1, by: worker, for: .seconds(60))
      #expect(first.count == 1)
      try await Task.sleep(for: .milliseconds(600))
      let before = rings.withLock { $0 }
      try await pool.withTransaction { transaction in
        // Nobody sleeps yet, so nobody is told.
        _ = try await queue.enqueue(
          [NewJob(kind: "look", key: "late", payload: "{}", group: "c")], in: transaction)
        let none = try await queue.claim(kinds: ["look"], limit: 1, by: worker, for: .seconds(60))
        #expect(none.isEmpty)
      }
      try await eventually(within: .seconds(2)) { rings.withLock { $0 } > before }
      try await eventually(within: .seconds(2)) {
        try await queue.claim(kinds: ["look"], limit: 1, by: worker, for: .seconds(60)).count == 1
      }
      listening.cancel()
    }
  }

  @Test func `whoever finds too few jobs sleeps, and whoever has his hands full does not`()
    async throws
  {
    try await onQueue { queue, pool in
      func sleepers() async throws -> Int {
        try await pool.withConnection {
          try await $0.query("SELECT count(*) AS count FROM sleeper")[0].decode("count")
        }
      }
      func claim(_ limit: Int) async throws -> Int {
        try await queue.claim(kinds: ["look"], limit: limit, by: worker, for: .seconds(60)).count
      }
      _ = try await queue.enqueue(jobs(3))
      #expect(try await claim(1) == 1)
      #expect(try await sleepers() == 0)
      let bell = try await queue.wakeUps()
      #expect(try await sleepers() == 1)
      #expect(try await claim(2) == 2)
      #expect(try await sleepers() == 0)
      #expect(try await claim(2) == 0)
      #expect(try await sleepers() == 1)
      withExtendedLifetime(bell) {}
    }
  }

  @Test func `jobs that are queued in a transaction share its fate`() async throws {
    try await onQueue { queue, pool in
      await #expect(throws: CancellationError.self) {
        try await pool.withTransaction { transaction in
          _ = try await queue.enqueue(jobs(600), in: transaction)
          _ = try await queue.enqueue(jobs(2), in: transaction)
          _ = try await queue.enqueue(jobs(700), in: transaction)
          throw CancellationError()
        }
      }
      #expect(try await queue.counts(finishedWithin: .seconds(1)).isEmpty)
      let added = try await pool.withTransaction { transaction in
        try await [
          queue.enqueue(jobs(600), in: transaction), queue.enqueue(jobs(700), in: transaction),
        ]
      }
      #expect(added == [600, 100])
    }
  }

  @Test func `the same jobs submitted at once from many sides never block each other`()
    async throws
  {
    try await onQueue { queue, _ in
      let added = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<6 {
          group.addTask {
            let many = jobs(number.isMultiple(of: 2) ? 2000 : 400)
            return try await queue.enqueue(number < 3 ? many : many.reversed())
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(added == 2000)
    }
  }

  @Test func `texts come back as they were, and what cannot be stored is refused`() async throws {
    try await onQueue { queue, _ in
      let odd = NewJob(
        kind: "l'o\\ok\t", key: "k\n\"ü🎻", payload: #"{"a": "\\u0000 \" \t"}"#, group: "g\r\n\\N")
      let added = try await queue.enqueue([odd])
      #expect(added == 1)
      let page = try await queue.list(
        JobFilter(group: odd.group, keys: ["k\n\"ü🎻"]), limit: 1, offset: 0)
      let record = try #require(page.jobs.first)
      #expect(record.kind == odd.kind)
      #expect(try await queue.show(record.id)?.job.payload == odd.payload)
      let bad = [
        NewJob(kind: "", key: "k", payload: "{}", group: ""),
        NewJob(kind: "k", key: "", payload: "{}", group: ""),
        NewJob(kind: "k", key: "a\0b", payload: "{}", group: ""),
        NewJob(kind: "k", key: String(repeating: "ü", count: 1001), payload: "{}", group: ""),
        NewJob(kind: "k", key: "k", payload: "{}", group: "", priority: .max),
      ]
      for job in bad {
        await #expect(throws: JobQueueError.self) {
          _ = try await queue.enqueue(jobs(1) + [job])
        }
      }
      await #expect(throws: PostgresError.self) {
        _ = try await queue.enqueue([NewJob(kind: "k", key: "k", payload: "no JSON", group: "")])
      }
      #expect(try await queue.list(JobFilter(), limit: 9, offset: 0).total == 1)
    }
  }

  @Test func `the database knows the same final states as the program`() async throws {
    try await onQueue { _, pool in
      let definitions = try await pool.withConnection { connection in
        try await connection.query(
          """
          SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint
          WHERE conrelid = 'finished'::regclass AND conname = 'finished_state_check'
          """)
      }
      let text: String = try #require(definitions.first).decode("text")
      let words = text.matches(of: /'([a-z]+)'::text/).map { String($0.1) }
      #expect(Set(words) == Set(JobState.allCases.filter(\.isFinal).map(\.rawValue)))
    }
  }

  @Test func `what cannot be is refused`() async throws {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(jobs(1))
      let claimed = try await queue.claim(kinds: ["look"], limit: 1, by: worker, for: .seconds(60))
      _ = try await queue.finish(claimed[0].lease) { _ in }
      for sql in [
        "UPDATE finished SET state = 'waiting'", "UPDATE finished SET token = NULL",
        "UPDATE finished SET state = 'lost'", "UPDATE job SET key = ''",
      ] {
        await #expect(throws: PostgresError.self, "\(sql)") {
          try await pool.withConnection { _ = try await $0.execute(sql) }
        }
      }
    }
  }

  @Test func `heartbeats do not wait for a result that is just being stored`() async throws {
    try await onQueue { queue, _ in
      _ = try await queue.enqueue(jobs(2))
      let claimed = try await queue.claim(kinds: ["look"], limit: 2, by: worker, for: .seconds(60))
      let held = Dictionary(uniqueKeysWithValues: claimed.map { ($0.lease, 0.5) })
      let isDone = try await queue.finish(claimed[0].lease) { _ in
        let reply = try await queue.heartbeat(worker, holding: held, for: .seconds(60))
        #expect(reply.isQuiet)
        #expect(try await queue.rescueExpired() == 0)
      }
      #expect(isDone)
    }
  }

  @Test func `a worker that fell silent is not listed once its leases are over`() async throws {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(jobs(1))
      _ = try await queue.heartbeat(worker, holding: [:], for: .seconds(60))
      let claimed = try await queue.claim(kinds: ["look"], limit: 1, by: worker, for: .seconds(900))
      try await pool.withConnection {
        _ = try await $0.execute("UPDATE worker SET seen_at = now() - interval '3 minutes'")
      }
      #expect(try await queue.workers().map(\.running) == [1])
      try await queue.handBack(claimed.map(\.lease))
      #expect(try await queue.workers().isEmpty)
    }
  }

  @Test func `after a start of the server, workers get time to come back`() async throws {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 2)
      let patient = PostgresJobQueue(pool: pool, restartGrace: .seconds(1_000_000_000))
      _ = try await patient.enqueue(jobs(1))
      _ = try await patient.claim(kinds: ["look"], limit: 1, by: worker, for: .zero)
      #expect(try await patient.rescueExpired() == 0)
      let strict = PostgresJobQueue(pool: pool, restartGrace: .zero)
      try await eventually { try await strict.rescueExpired() == 1 }
      await pool.close()
    }
  }

  @Test func `the bells of two schemas are not mixed up`() async throws {
    try await onQueue { quiet, _ in
      let bell = try await quiet.wakeUps()
      try await onQueue { loud, _ in _ = try await loud.enqueue(jobs(1)) }
      _ = try await quiet.enqueue(jobs(1))
      let retold = Task { () -> Int in
        var count = 0
        for await _ in bell {
          count += 1
          let drained = try? await quiet.isDrained(kinds: ["look"])
          if drained == false { return count }
        }
        return -1
      }
      #expect(await retold.value == 1)
    }
  }
}
