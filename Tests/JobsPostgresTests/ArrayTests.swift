import Foundation
import Jobs
@testable import JobsPostgres
import Postgres
import Synchronization
import TestSupport
import Testing

/// Arrays of jobs: one row until it is their turn, and jobs like all others then.
@Suite struct ArrayTests {
  private func onQueue(
    _ body: (PostgresJobQueue, ConnectionPool) async throws -> Void
  ) async throws {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 12)
      try await body(PostgresJobQueue(pool: pool, policy: .hurried, restartGrace: .zero), pool)
      await pool.close()
    }
  }

  private func array(_ size: Int, key: String? = "all", kind: String = "look") -> NewJobArray {
    NewJobArray(kind: kind, key: key, payload: #"{"model": "m"}"#, group: "c", size: size)
  }

  private func claim(
    _ queue: PostgresJobQueue, _ limit: Int = 99, kinds: [String] = ["look", "judge", "tell"]
  ) async throws -> [ClaimedJob] {
    try await queue.claim(kinds: kinds, limit: limit, by: worker, for: .seconds(60))
  }

  private struct Payload: Decodable {
    let index: Int
    let model: String?
    let clip: String?
  }

  private func payload(_ job: ClaimedJob) throws -> Payload {
    try JSONDecoder().decode(Payload.self, from: Data(job.payload.utf8))
  }

  private func count(_ table: String, _ pool: ConnectionPool) async throws -> Int {
    try await pool.withConnection {
      try await $0.query("SELECT count(*) AS count FROM \(table)")[0].decode("count")
    }
  }

  @Test func `an array costs one row until its elements are claimed, each once`() async throws {
    try await onQueue { queue, pool in
      let id = try #require(await queue.enqueue(array(2500)))
      #expect(try await queue.enqueue(array(2500)) == nil)
      #expect(try await [count("job", pool), count("job_array", pool)] == [0, 1])
      #expect(try await queue.counts(finishedWithin: .seconds(60)).map(\.count) == [2500])
      #expect(try await !queue.isDrained(kinds: ["look"]))
      let first = try await claim(queue, 10)
      #expect(try first.map { try payload($0).index } == Array(0..<10))
      #expect(try payload(first[3]).model == "m")
      #expect(try await count("job", pool) == 1000)
      var seen = Set(try first.map { try payload($0).index })
      var rest = first
      while !rest.isEmpty {
        let step = try await queue.finish(
          rest.map(\.lease), claiming: ["look"], limit: 300, by: worker, for: .seconds(60))
        #expect(step.done.count == rest.count)
        rest = step.claimed
        for job in rest { #expect(seen.insert(try payload(job).index).inserted) }
      }
      #expect(seen == Set(0..<2500))
      let record = try await queue.arrays([id])[0]
      #expect(record.counts == [.done: 2500] && record.ended == 2500)
      #expect(try await queue.isDrained(kinds: ["look"]))
      #expect(try await queue.jobs(ofArray: id, indices: [7, 2499]).count == 2)
    }
  }

  @Test func `elements find their inputs, and are tried again like every job`() async throws {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue([
        NewJob(kind: "look", key: "clip 3", payload: "{}", group: "c")
      ])
      let inputs = (0..<1200).map { #"{"key": "clip \#($0)", "clip": "\#($0).mp4"}"# }
      let id = try #require(
        await queue.enqueue(
          NewJobArray(kind: "look", key: nil, payload: "{}", group: "c", inputs: inputs)))
      #expect(try await count("array_input", pool) == 2)
      let jobs = try await claim(queue, 5)
      #expect(jobs.map(\.key) == ["clip 3", "clip 0", "clip 1", "clip 2", "clip 4"])
      #expect(try payload(jobs[4]).clip == "4.mp4")
      #expect(try payload(jobs[4]).index == 4)
      #expect(try await count("array_input", pool) == 1)
      let failure = JobFailure(message: "No.", kind: .error, isPermanent: true)
      #expect(try await queue.fail(jobs[1].lease, failure) == .failed)
      #expect(try await queue.fail(jobs[2].lease, JobFailure(message: "Later.")) == .waiting)
      #expect(try await queue.finish(jobs[3].lease) { _ in })
      var record = try await queue.arrays()[0]
      #expect(record.id == id && record.skipped == 1)
      #expect(record.counts == [.failed: 1, .done: 1, .running: 1, .waiting: 1196])
      #expect(try await queue.retry(array: id) == 1)
      #expect(try await queue.show(jobs[1].lease.job)?.attempts.map(\.message) == ["No."])
      #expect(try await queue.cancel(array: id) == 1198)
      record = try await queue.arrays()[0]
      #expect(record.counts == [.done: 1, .cancelled: 1198])
      #expect(try await claim(queue).isEmpty)
      #expect(try await queue.retry(array: id, states: [.cancelled]) == 1198)
      var claimed = 0
      while case let more = try await claim(queue), !more.isEmpty { claimed += more.count }
      #expect(claimed == 1198)
    }
  }

  @Test func `whatever is no object is refused when it is queued`() async throws {
    try await onQueue { queue, pool in
      for inputs in [["7"], ["[]"], ["{"], [#"{"a": "\u0000"}"#]] {
        await #expect(throws: PostgresError.self) {
          try await queue.enqueue(
            NewJobArray(kind: "look", key: nil, payload: "{}", group: "c", inputs: inputs))
        }
      }
      await #expect(throws: PostgresError.self) {
        try await queue.enqueue(
          NewJobArray(kind: "look", key: nil, payload: "[]", group: "c", size: 3))
      }
      let kept = try await count("job_array", pool)
      #expect(kept == 0)
    }
  }

  @Test func `each element starts when that of the same number is done`() async throws {
    try await onQueue { queue, pool in
      let key = NewJob(kind: "look", key: "known", payload: "{}", group: "c")
      _ = try await queue.enqueue([key])
      let known = try await claim(queue, 1)
      #expect(try await queue.finish(known[0].lease) { _ in })
      let inputs = (0..<1100).map { #"{"key": "\#($0 == 2 ? "known" : "\($0)")"}"# }
      let (first, second) = try await pool.withTransaction { transaction in
        let first = try await queue.enqueue(
          NewJobArray(kind: "look", key: "a", payload: "{}", group: "c", inputs: inputs),
          in: transaction)
        let second = try await queue.enqueue(
          array(1100, kind: "judge"), after: first, in: transaction)
        _ = try await queue.enqueue(array(1100, kind: "tell"), after: second, in: transaction)
        return (first, second)
      }
      _ = try #require(first)
      _ = try #require(second)
      // Element 2 waits for a job that is done already.
      let looks = try await claim(queue, 3, kinds: ["look"])
      #expect(try looks.map { try payload($0).index } == [0, 1, 3])
      let early = try await claim(queue, kinds: ["judge"])
      #expect(try early.map { try payload($0).index } == [2])
      #expect(try await queue.finish(looks[1].lease) { _ in })
      let next = try await claim(queue, kinds: ["judge", "tell"])
      #expect(try next.map { "\($0.kind) \(try payload($0).index)" } == ["judge 1"])
      #expect(try await queue.finish(next[0].lease) { _ in })
      let last = try await claim(queue, kinds: ["tell"])
      #expect(try last.map { "\($0.kind) \(try payload($0).index)" } == ["tell 1"])
      for job in [looks[0], looks[2], early[0], last[0]] {
        #expect(try await queue.finish(job.lease) { _ in })
      }
      var done = [known[0], looks[1], next[0]].count + 4
      while case let more = try await claim(queue, 200), !more.isEmpty {
        done += more.count
        _ = try await queue.finish(
          more.map(\.lease), claiming: [], limit: 0, by: worker, for: .seconds(60))
      }
      #expect(done == 3300)
      #expect(try await queue.arrays().map { $0.counts[.done] } == [1099, 1100, 1100])
      #expect(try await count("dependency", pool) + count("blocked", pool) == 0)
      // Another array can be followed only from the beginning.
      await #expect(throws: PostgresError.self) {
        try await pool.withTransaction {
          _ = try await queue.enqueue(array(1100, key: "late"), after: first, in: $0)
        }
      }
    }
  }

  @Test func `followers of what is called off are called off, and come back with it`() async throws
  {
    try await onQueue { queue, pool in
      let ids = try await pool.withTransaction { transaction in
        let first = try await queue.enqueue(array(1500), in: transaction)
        let second = try await queue.enqueue(
          array(1500, kind: "judge"), after: first, in: transaction)
        return [first, second].compactMap(\.self)
      }
      let running = try await claim(queue, 2)
      #expect(try await queue.finish(running[0].lease) { _ in })
      // 1499 looks are not done yet, and as many followers cannot be any more.
      #expect(try await queue.cancel(array: ids[0]) == 1499 * 2)
      #expect(try await claim(queue).map(\.kind) == ["judge"])
      #expect(try await queue.retry(array: ids[0]) == 1499 + 500)
      #expect(try await claim(queue, 1, kinds: ["look"]).count == 1)
      #expect(try await queue.arrays()[1].counts[.waiting] == 500)
      #expect(try await queue.cancel(JobFilter(group: "c", kind: "judge")) == 501)
      var looks = 1
      while case let more = try await claim(queue, 200, kinds: ["look", "judge"]), !more.isEmpty {
        looks += more.count
        _ = try await queue.finish(
          more.map(\.lease), claiming: [], limit: 0, by: worker, for: .seconds(60))
      }
      #expect(looks == 1499)
      #expect(try await queue.arrays()[1].counts == [.cancelled: 1500])
    }
  }

  @Test func `what steers a collection steers its arrays`() async throws {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(array(3000))
      #expect(try await queue.prioritize(JobFilter(group: "c"), priority: 4) == 3000)
      #expect(try await claim(queue, 1).map(\.priority) == [4])
      try await queue.pause(JobScope(group: "c"))
      #expect(try await claim(queue).isEmpty)
      #expect(try await count("job", pool) == 1000)
      try await queue.resume(JobScope(group: "c"))
      #expect(try await claim(queue, 600).count == 600)
      #expect(try await queue.postpone(JobFilter(group: "c"), by: .seconds(60)) == 2399)
      #expect(try await claim(queue).isEmpty)
      #expect(try await queue.cancel(JobFilter(group: "c")) == 3000)
      #expect(try await queue.retry(JobFilter(group: "c")) == 3000)
      #expect(try await queue.cancel(JobFilter(kind: "judge")) == 0)
    }
  }

  @Test func `a batch that an array belongs to ends with its last element`() async throws {
    try await onQueue { queue, pool in
      _ = try await queue.enqueue(array(1700))
      let report = NewJob(kind: "tell", key: "end", payload: "{}", group: "r")
      #expect(
        try await pool.withTransaction {
          try await queue.enqueue(report, whenEnded: JobFilter(group: "c"), in: $0)
        })
      var looks = 0
      while case let more = try await claim(queue, 150, kinds: ["look"]), !more.isEmpty {
        #expect(try await claim(queue, kinds: ["tell"]).isEmpty)
        looks += more.count
        _ = try await queue.finish(
          more.map(\.lease), claiming: [], limit: 0, by: worker, for: .seconds(60))
      }
      #expect(looks == 1700)
      #expect(try await claim(queue, kinds: ["tell"]).count == 1)
      // One that is called off before it begins ends, too.
      let id = try #require(await queue.enqueue(array(20, key: "other")))
      let again = NewJob(kind: "tell", key: "end 2", payload: "{}", group: "r")
      _ = try await pool.withTransaction {
        try await queue.enqueue(again, whenEnded: JobFilter(group: "c"), in: $0)
      }
      #expect(try await claim(queue, kinds: ["tell"]).isEmpty)
      #expect(try await queue.cancel(array: id) == 20)
      #expect(try await claim(queue, kinds: ["tell"]).map(\.key) == ["end 2"])
      #expect(try await count("array_waiter", pool) == 0)
    }
  }

  @Test func `small collections take turns with an array`() async throws {
    try await onQueue { queue, _ in
      _ = try await queue.enqueue(array(50_000))
      #expect(try await claim(queue, 100).count == 100)
      _ = try await queue.enqueue(jobs(10, group: "small"))
      try await Task.sleep(for: .seconds(1.1))
      #expect(try await claim(queue, 22).filter { $0.group == "small" }.count == 10)
    }
  }

  @Test func `what a collection queues later comes after all elements`() async throws {
    try await onQueue { queue, _ in
      let id = try #require(await queue.enqueue(array(2500)))
      _ = try await queue.enqueue(jobs(3))
      var order: [Int?] = []
      while case let more = try await claim(queue, 300, kinds: ["look"]), !more.isEmpty {
        for job in more { order.append(job.key.isEmpty ? try payload(job).index : nil) }
        // More become jobs ten times a second.
        try await Task.sleep(for: .milliseconds(110))
        _ = try await queue.finish(
          more.map(\.lease), claiming: [], limit: 0, by: worker, for: .seconds(60))
      }
      #expect(order == Array(0..<2500) + [nil, nil, nil])
      #expect(try await queue.arrays([id])[0].counts == [.done: 2500])
      // Those that come back, or get another priority, are the last of their collection again.
      let next = try #require(await queue.enqueue(array(1200, key: "next")))
      #expect(try await claim(queue, 1).count == 1)
      #expect(try await queue.cancel(array: next) == 1200)
      _ = try await queue.enqueue(
        [NewJob(kind: "look", key: "between", payload: "{}", group: "c")])
      #expect(try await queue.retry(array: next) == 1200)
      #expect(try await claim(queue, 1).map(\.key) == ["between"])
      #expect(try await queue.prioritize(JobFilter(group: "c"), priority: 2) == 1200)
      var rest = 0
      while case let more = try await claim(queue, 300), !more.isEmpty {
        #expect(more.allSatisfy { $0.priority == 2 })
        rest += more.count
      }
      #expect(rest == 1200)
    }
  }

  @Test func `a follower that is called off and comes back waits for its predecessor`() async throws
  {
    try await onQueue { queue, pool in
      let ids = try await pool.withTransaction { transaction in
        let first = try await queue.enqueue(array(1500), in: transaction)
        let second = try await queue.enqueue(
          array(1500, kind: "judge"), after: first, in: transaction)
        return [first, second].compactMap(\.self)
      }
      let looks = try await claim(queue, 3)
      #expect(looks.count == 3)
      #expect(try await queue.cancel(array: ids[1]) == 1500)
      #expect(try await queue.finish(looks[0].lease) { _ in })
      // One of the thousand that are jobs may start; 500 become jobs while they are called off.
      var seen = 3
      while case let more = try await claim(queue, 200, kinds: ["look"]), seen < 1100 {
        seen += more.count
      }
      #expect(try await queue.retry(array: ids[1]) == 1500)
      #expect(try await claim(queue, kinds: ["judge"]).map { try payload($0).index } == [0])
      #expect(try await queue.finish(looks[2].lease) { _ in })
      #expect(try await claim(queue, kinds: ["judge"]).map { try payload($0).index } == [2])
      #expect(try await count("blocked", pool) == 1498)
      #expect(try await count("dependency", pool) == 1498)
    }
  }

  @Test func `nothing is lost or doubled when sessions die around claims`() async throws {
    try await onQueue { queue, pool in
      let id = try #require(await queue.enqueue(array(6000)))
      try await pool.withConnection {
        try await $0.executeScript("CREATE TABLE note (text text UNIQUE)")
      }
      let isOver = Flag()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          let killer = try await Connection.connect(to: pool.target)
          for _ in 0..<60 where !isOver.isSet {
            try await Task.sleep(for: .milliseconds(20))
            _ = try await killer.query(
              """
              SELECT pg_terminate_backend(pid) FROM (
                SELECT DISTINCT pid FROM pg_locks
                WHERE relation = 'job_array'::regclass AND pid <> pg_backend_pid()
              ) AS claiming ORDER BY random() LIMIT 1
              """)
          }
          await killer.close()
        }
        for number in 0..<8 {
          group.addTask {
            let me = WorkerIdentity(host: "box \(number)", process: 1)
            while !isOver.isSet {
              do {
                let jobs = try await queue.claim(
                  kinds: ["look"], limit: 40, by: me, for: .milliseconds(300))
                if jobs.isEmpty {
                  _ = try await queue.rescueExpired()
                  if try await queue.isDrained(kinds: ["look"]) { isOver.set() }
                }
                for job in jobs.dropLast(jobs.count > 20 ? 1 : 0) {
                  _ = try await queue.finish(job.lease) { transaction in
                    try await transaction.execute(
                      "INSERT INTO note (text) VALUES ($1)", [.text(job.payload)])
                  }
                }
              } catch  where queue.isOutage(error) {}
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await count("note", pool) == 6000)
      #expect(try await queue.arrays([id])[0].counts == [.done: 6000])
    }
  }
}

/// Set once, by any task.
private final class Flag: Sendable {
  private let value = Mutex(false)

  var isSet: Bool { value.withLock { $0 } }

  func set() { value.withLock { $0 = true } }
}
