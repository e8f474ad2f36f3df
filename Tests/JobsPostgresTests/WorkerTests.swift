import Jobs
import Logging
import Synchronization
import Testing

/// How workers go about their jobs, on both queues.
@Suite struct WorkerTests {
  /// A worker with a handler for the kind `look`.
  private func makeWorker(
    _ queue: TestQueue, concurrency: Int = 2, drains: Bool = true, host: String = "box",
    _ work: @escaping LookHandler.Work
  ) -> Worker<TestQueue> {
    Worker(
      queue: queue, handlers: ["look": LookHandler(work: work)], concurrency: concurrency,
      identity: WorkerIdentity(host: host, process: 1), settings: .hurried(drains: drains),
      logger: .silent)
  }

  @Test(arguments: Storage.allCases)
  func `eight workers do each of five hundred jobs exactly once`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(500))
      let done = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 {
          let worker = makeWorker(queue, concurrency: 4) { job, _ in job.key }
          group.addTask { try await worker.run().done }
        }
        return try await group.reduce(0, +)
      }
      #expect(done == 500)
      #expect(try await queue.notes() == (1...500).map { "\($0)" }.sorted())
      #expect(try await queue.tally() == [.done: 500])
    }
  }

  @Test(arguments: Storage.allCases)
  func `jobs that leave nothing to store are done, beside others that do`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(2000))
      let worker = makeWorker(queue, concurrency: 100) { job, _ in
        job.key.hasSuffix("7") ? job.key : nil
      }
      #expect(try await worker.run().done == 2000)
      #expect(try await queue.notes().count == 200)
      #expect(try await queue.tally() == [.done: 2000])
    }
  }

  @Test(arguments: Storage.allCases)
  func `a worker that is told to end writes down what is done`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(40))
      let begun = Mutex(0)
      let worker = makeWorker(queue, concurrency: 40, drains: false) { job, _ in
        begun.withLock { $0 += 1 }
        try? await untilCancelled {}
        return nil
      }
      let run = Task { try await worker.run() }
      try await eventually { begun.withLock { $0 == 40 } }
      run.cancel()
      #expect(try await run.value.done == 40)
      #expect(try await queue.tally() == [.done: 40])
    }
  }

  @Test(arguments: Storage.allCases)
  func `no more jobs run at a time than asked for`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(12))
      let counts = Mutex((now: 0, most: 0))
      let worker = makeWorker(queue, concurrency: 3) { job, _ in
        counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
        // The first ones meet; later ones pass.
        try await eventually { counts.withLock { $0.most >= 3 } }
        counts.withLock { $0.now -= 1 }
        return job.key
      }
      #expect(try await worker.run().done == 12)
      #expect(counts.withLock { $0.most } == 3)
    }
  }

  @Test(arguments: Storage.allCases)
  func `a drain waits for jobs that are tried again, and lists what failed`(
    storage: Storage
  ) async throws {
    let policy = RetryPolicy(firstPause: .milliseconds(200))
    try await storage.onQueue(policy: policy) { queue in
      _ = try await queue.enqueue(jobs(4, maxErrors: 2))
      let worker = makeWorker(queue) { job, _ in
        switch (job.key, job.attempt) {
        case ("1", 1): throw JobFailure(message: "Once.")
        case ("2", _): throw JobFailure(message: "Always.")
        case ("3", _): throw JobFailure(message: "No video.", isPermanent: true)
        default: return "\(job.key)/\(job.attempt)"
        }
      }
      let summary = try await worker.run()
      #expect(summary.done == 2 && summary.failed == 2 && summary.retried == 2)
      #expect(try await queue.notes() == ["1/2", "4/1"])
      #expect(try await queue.tally() == [.done: 2, .failed: 2])
    }
  }

  @Test(arguments: Storage.allCases)
  func `effects that cannot be stored count as an error of the job`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1, maxErrors: 2))
      let summary = try await makeWorker(queue) { _, _ in LookHandler.unstorable }.run()
      #expect(summary.failed == 1 && summary.retried == 1 && summary.done == 0)
      let job = try #require(await queue.list(JobFilter(), limit: 1, offset: 0).jobs.first)
      #expect(job.failure?.message == "The result is no good.")
      #expect(try await queue.notes().isEmpty)
    }
  }

  @Test(arguments: Storage.allCases)
  func `a running job that is called off stops within two seconds`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1))
      let moments = Mutex([ContinuousClock.Instant]())
      let worker = makeWorker(queue) { job, _ in
        try await untilCancelled { moments.withLock { $0.append(.now) } }
        return job.key
      }
      let run = Task { try await worker.run() }
      try await eventually { try await queue.tally() == [.running: 1] }
      let cancelled = ContinuousClock.now
      #expect(try await queue.cancel(JobFilter()) == 1)
      let summary = try await run.value
      let stopped = try #require(moments.withLock { $0.first })
      #expect(stopped - cancelled < .seconds(2))
      #expect(summary.stopped == 1 && summary.done == 0)
      #expect(try await queue.notes().isEmpty)
      #expect(try await queue.tally() == [.cancelled: 1])
    }
  }

  @Test(arguments: Storage.allCases)
  func `a worker that is told to end gives its jobs back`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(5))
      let worker = makeWorker(queue, drains: false) { job, _ in
        if job.key == "1" { return job.key }
        try await untilCancelled {}
        return job.key
      }
      let run = Task { try await worker.run() }
      try await eventually { try await queue.tally() == [.done: 1, .running: 2, .waiting: 2] }
      run.cancel()
      let summary = try await run.value
      #expect(summary.done == 1 && summary.handedBack == 2)
      #expect(try await queue.tally() == [.done: 1, .waiting: 4])
      let jobs = try await queue.list(JobFilter(), limit: 9, offset: 0).jobs
      #expect(jobs.allSatisfy { $0.strikes == Strikes() })
      #expect(try await queue.workers().isEmpty)
    }
  }

  @Test(arguments: Storage.allCases)
  func `jobs of a worker that died are done by one that lives`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(6))
      let dead = WorkerIdentity(host: "dead", process: 2)
      let lost = try await queue.claim(
        kinds: ["look"], limit: 3, by: dead, for: .milliseconds(100))
      let summary = try await makeWorker(queue) { job, _ in "\(job.key)/\(job.attempt)" }.run()
      #expect(summary.done == 6)
      for job in lost {
        let isKept = try await queue.finish(job.lease, note: "late")
        #expect(!isKept)
      }
      #expect(try await queue.notes() == ["1/2", "2/2", "3/2", "4/1", "5/1", "6/1"])
    }
  }

  @Test(arguments: Storage.allCases)
  func `a handler whose lease was lost is stopped`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1))
      let worker = makeWorker(queue) { job, _ in
        if job.attempt == 1 {
          // Somebody else ends the attempt behind the worker's back.
          try await queue.handBack([job.lease])
          try await untilCancelled {}
        }
        return "\(job.attempt)"
      }
      let summary = try await worker.run()
      #expect(summary.stopped == 1 && summary.done == 1)
      #expect(try await queue.notes() == ["2"])
    }
  }

  @Test(arguments: Storage.allCases)
  func `progress can be seen while a job runs`(storage: Storage) async throws {
    try await storage.onQueue { queue in
      _ = try await queue.enqueue(jobs(1))
      let isSeen = Mutex(false)
      let worker = makeWorker(queue) { job, progress in
        progress(.nan)
        progress(7)
        progress(0.75)
        try await eventually { isSeen.withLock { $0 } }
        return job.key
      }
      let run = Task { try await worker.run() }
      try await eventually {
        try await queue.list(JobFilter(), limit: 1, offset: 0).jobs.first?.progress == 0.75
      }
      isSeen.withLock { $0 = true }
      #expect(try await run.value.done == 1)
    }
  }

  @Test(arguments: Storage.allCases)
  func `a worker that waits begins at once when jobs arrive or a pause ends`(
    storage: Storage
  ) async throws {
    try await storage.onQueue { queue in
      try await queue.pause(.everything)
      let worker = makeWorker(queue, drains: false) { job, _ in job.key }
      let run = Task { try await worker.run() }
      try await eventually { try await !queue.workers().isEmpty }
      _ = try await queue.enqueue(jobs(1))
      #expect(try await queue.tally() == [.waiting: 1])
      try await queue.resume(.everything)
      try await eventually { try await queue.tally() == [.done: 1] }
      _ = try await queue.enqueue(jobs(2))
      try await eventually { try await queue.tally() == [.done: 2] }
      run.cancel()
      #expect(try await run.value.done == 2)
    }
  }
}
