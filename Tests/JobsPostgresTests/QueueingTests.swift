import Jobs
import Testing

/// What the contract says of queueing, looking and steering, of both queues.
@Suite struct QueueingTests {
  @Test(arguments: Storage.allCases)
  func `a key of a kind is queued once, whatever became of it`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      let first = try await queue.enqueue(jobs(3))
      let again = try await queue.enqueue(jobs(5) + jobs(5))
      let other = try await queue.enqueue(jobs(5, kind: "judge"))
      #expect([first, again, other] == [3, 2, 5])
      let claimed = try await queue.claimOne()
      _ = try await queue.finish(claimed.lease, note: "done")
      let known = try await queue.enqueue(jobs(5))
      #expect(known == 0)
      let kept = try await queue.record(claimed.lease.job)
      #expect(kept.state == .done)
    }
  }

  @Test(arguments: Storage.allCases)
  func `high priority comes first, then what was queued first`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(2, kind: "look"))
      _ = try await queue.enqueue(jobs(1, kind: "urgent", priority: 5))
      _ = try await queue.enqueue(jobs(1, kind: "other"))
      _ = try await queue.enqueue(jobs(3, kind: "look"))
      let claimed = try await queue.claim(
        kinds: ["look", "urgent"], limit: 3, by: worker, for: .seconds(60))
      #expect(claimed.map { "\($0.kind) \($0.key)" } == ["urgent 1", "look 1", "look 2"])
      #expect(claimed[1].payload == #"{"number": 1}"#)
      #expect(claimed[1].group == "c")
      let rest = try await queue.claim(
        kinds: ["look", "urgent"], limit: 9, by: worker, for: .seconds(60))
      #expect(rest.map(\.key) == ["3"])
    }
  }

  @Test(arguments: Storage.allCases)
  func `a small collection does not wait for a large one that came before`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(600, group: "large"))
      let first = try await queue.claim(kinds: ["look"], limit: 200, by: worker, for: .seconds(60))
      #expect(first.count == 200)
      _ = try await queue.enqueue(
        (1...10).map { NewJob(kind: "look", key: "small \($0)", payload: "{}", group: "small") })
      // Small claims see at once what has come.
      var small = 0
      for _ in 0..<30 where try await queue.claimOne().group == "small" { small += 1 }
      #expect(small == 10)
      let third = try await queue.claim(kinds: ["look"], limit: 400, by: worker, for: .seconds(60))
      #expect(third.count == 380)
    }
  }

  @Test(arguments: Storage.allCases)
  func `collections take turns from where claims are, not from their beginnings`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(40, group: "old"))
      _ = try await queue.claim(kinds: ["look"], limit: 40, by: worker, for: .seconds(60))
      func more(_ group: String) -> [NewJob] {
        (0..<20).map { NewJob(kind: "look", key: "\(group) \($0)", payload: "{}", group: group) }
      }
      _ = try await queue.enqueue(more("old"))
      _ = try await queue.enqueue(more("new"))
      let claimed = try await queue.claim(kinds: ["look"], limit: 20, by: worker, for: .seconds(60))
      #expect(claimed.count { $0.group == "old" } == 10)
    }
  }

  @Test(arguments: Storage.allCases)
  func `jobs without a key are all queued`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      let alike = NewJob(kind: "look", key: nil, payload: "{}", group: "c")
      let added = [
        try await queue.enqueue([alike, alike]), try await queue.enqueue([alike]),
        try await queue.enqueue(Array(repeating: alike, count: 600)),
      ]
      #expect(added == [2, 1, 600])
      #expect(try await queue.claimOne().key == "")
    }
  }

  @Test(arguments: Storage.allCases)
  func `a job that is queued for later waits until then`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      let began = ContinuousClock.now
      _ = try await queue.enqueue([
        NewJob(kind: "look", key: "soon", payload: "{}", group: "c", delay: .milliseconds(300)),
        NewJob(kind: "look", key: "late", payload: "{}", group: "c", delay: .seconds(3600)),
      ])
      #expect(try await queue.tally() == [.waiting: 2])
      var claimed: [ClaimedJob] = []
      try await eventually {
        claimed += try await queue.claim(kinds: ["look"], limit: 2, by: worker, for: .seconds(60))
        return !claimed.isEmpty
      }
      #expect(ContinuousClock.now - began >= .milliseconds(300))
      #expect(claimed.map(\.key) == ["soon"])
      #expect(try await !queue.isDrained(kinds: ["look"]))
      let cancelled = try await queue.cancel(JobFilter())
      let retried = try await queue.retry(JobFilter(keys: ["late"]))
      #expect(cancelled == 2 && retried == 1)
      #expect(try await queue.claimOne().key == "late")
    }
  }

  @Test(arguments: Storage.allCases)
  func `what is paused is not claimed`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1, kind: "look") + jobs(1, kind: "judge"))
      func claimable() async throws -> [String] {
        let claimed = try await queue.claim(
          kinds: ["judge", "look"], limit: 9, by: worker, for: .seconds(60))
        try await queue.handBack(claimed.map(\.lease))
        return claimed.map(\.kind).sorted()
      }
      try await queue.pause(JobScope(kind: "look"))
      #expect(try await claimable() == ["judge"])
      try await queue.pause(.everything)
      try await queue.pause(.everything)
      #expect(try await claimable().isEmpty)
      let told = try await queue.heartbeat(worker, holding: [:], for: .seconds(60))
      #expect(told.paused == ["look", nil])
      #expect(Set(try await queue.pauses().map(\.scope.kind)) == ["look", nil])
      try await queue.resume(JobScope(kind: "look"))
      #expect(try await claimable().isEmpty)
      try await queue.resume(.everything)
      #expect(try await claimable() == ["judge", "look"])
      #expect(try await queue.pauses().isEmpty)
    }
  }

  @Test(arguments: Storage.allCases)
  func `waiting and running jobs can be called off, and queued again`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(3))
      let running = try await queue.claimOne()
      let done = try await queue.claimOne()
      _ = try await queue.finish(done.lease, note: "kept")
      let cancelled = try await queue.cancel(JobFilter(group: "c"))
      #expect(cancelled == 2)
      let reply = try await queue.heartbeat(
        worker, holding: [running.lease: 0.5], for: .seconds(60))
      #expect(reply.cancelled == [running.lease] && reply.lost.isEmpty)
      let isKept = try await queue.finish(running.lease, note: "dropped")
      #expect(!isKept)
      #expect(try await queue.notes() == ["kept"])
      let attempts = try #require(await queue.show(running.lease.job)).attempts
      #expect(attempts.map(\.outcome) == [.cancelled])
      let again = try await queue.cancel(JobFilter(group: "c"))
      #expect(again == 0)
      let retried = try await queue.retry(JobFilter(states: [.cancelled]))
      #expect(retried == 2)
      #expect(try await queue.tally() == [.waiting: 2, .done: 1])
      let next = try await queue.claimOne()
      #expect(next.attempt == (next.lease.job == running.lease.job ? 2 : 1))
    }
  }

  @Test(arguments: Storage.allCases)
  func `a retried job begins with a clean record, but keeps its history`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1, maxErrors: 1))
      let first = try await queue.claimOne()
      let state = try await queue.fail(first.lease, JobFailure(message: "No luck."))
      #expect(state == .failed)
      #expect(try await queue.record(first.lease.job).failure?.message == "No luck.")
      let retried = try await queue.retry(JobFilter(ids: [first.lease.job]))
      #expect(retried == 1)
      let waiting = try await queue.record(first.lease.job)
      #expect(waiting.state == .waiting && waiting.strikes == Strikes() && waiting.failure == nil)
      #expect(waiting.finishedAt == nil)
      let second = try await queue.claimOne()
      #expect(second.attempt == 2)
      #expect(try await queue.retry(JobFilter()) == 0)
      _ = try await queue.finish(second.lease, note: "done")
      let details = try #require(await queue.show(first.lease.job))
      #expect(details.attempts.map(\.outcome) == [.failed(.error), .done])
      #expect(details.attempts.map(\.number) == [1, 2])
      #expect(details.attempts.map(\.message) == ["No luck.", nil])
      #expect(details.attempts.allSatisfy { $0.host == "box" && $0.startedAt <= $0.endedAt })
    }
  }

  @Test(arguments: Storage.allCases)
  func `lists are filtered, and come in pages`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(
        jobs(5, kind: "look", group: "a") + jobs(4, kind: "judge", group: "b"))
      let claimed = try await queue.claimOne()
      _ = try await queue.finish(claimed.lease, note: "done")
      func keys(_ filter: JobFilter, limit: Int = 9, offset: Int = 0) async throws -> String {
        let page = try await queue.list(filter, limit: limit, offset: offset)
        return page.jobs.map(\.key).joined() + " of \(page.total)"
      }
      #expect(try await keys(JobFilter()) == "123451234 of 9")
      #expect(try await keys(JobFilter(), limit: 3, offset: 4) == "512 of 9")
      #expect(try await keys(JobFilter(states: [.done])) == "1 of 1")
      #expect(try await keys(JobFilter(states: [.waiting], kind: "look")) == "2345 of 4")
      #expect(try await keys(JobFilter(group: "b", keys: ["2", "4", "9"])) == "24 of 2")
      #expect(try await keys(JobFilter(ids: [])) == " of 0")
      #expect(try await queue.show(4711) == nil)
    }
  }

  @Test(arguments: Storage.allCases)
  func `counts tell collections, kinds and states apart`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(3, group: "a") + jobs(2, kind: "judge", group: "b"))
      let claimed = try await queue.claimOne()
      _ = try await queue.finish(claimed.lease, note: "done")
      let counts = try await queue.counts(finishedWithin: .seconds(60))
      let texts = counts.map {
        "\($0.group) \($0.kind) \($0.state) \($0.count) \($0.finishedLately)"
      }
      #expect(texts.sorted() == ["a look done 1 1", "a look waiting 2 0", "b judge waiting 2 0"])
      let done = try #require(counts.first { $0.state == .done })
      #expect(done.latelySeconds >= 0 && done.latelySeconds < 60)
      #expect(try await queue.isDrained(kinds: ["other"]))
      #expect(try await !queue.isDrained(kinds: ["other", "judge"]))
    }
  }

  @Test(arguments: Storage.allCases)
  func `a bell rings when jobs arrive`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      let bell = try await queue.wakeUps()
      let heard = Task {
        for await _ in bell { return true }; return false
      }
      _ = try await queue.enqueue(jobs(1))
      #expect(await heard.value)
    }
  }

  @Test(arguments: Storage.allCases)
  func `workers are known from their first heartbeat until they leave`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(3))
      _ = try await queue.heartbeat(worker, holding: [:], for: .seconds(60))
      _ = try await queue.claim(kinds: ["look"], limit: 2, by: worker, for: .seconds(60))
      let known = try #require(await queue.workers().first)
      #expect(known.identity == worker && known.running == 2)
      #expect(known.silentSeconds >= 0 && known.silentSeconds < 60)
      try await queue.leave(worker)
      #expect(try await queue.workers().isEmpty)
    }
  }
}
