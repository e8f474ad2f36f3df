import Logging

// Having a job done and writing down what came of it.
extension Worker {
  typealias Effects = @Sendable (Queue.Transaction) async throws -> Void

  func start(_ job: ClaimedJob) {
    let progress = Progress()
    let handler = handlers[job.kind]
    let work = Task { () throws -> Effects? in
      guard let handler else {
        throw JobFailure(message: "This worker cannot do jobs of the kind “\(job.kind)”.")
      }
      return try await withTimeLimit(job.timeLimit) {
        try await handler.run(job) { progress.set($0) }
      }
    }
    let settling = Task { await self.settle(job, await work.result) }
    running[job.lease] = RunningJob(
      cancel: { work.cancel() }, settling: settling, progress: progress)
    if isEnding { work.cancel() }
  }

  private func settle(_ job: ClaimedJob, _ result: Result<Effects?, any Error>) async {
    if case .success(nil) = result {
      unwritten[job.lease] = job
      bell.ring()
      return
    }
    do {
      try await write(job, result)
    } catch {
      summary.unwritten += 1
      noteUnwritten(job, error)
    }
    running[job.lease] = nil
    bell.ring()
  }

  private func write(_ job: ClaimedJob, _ result: Result<Effects?, any Error>) async throws {
    switch result {
    case .success(let effects?):
      do {
        let isDone = try await persistently(job) {
          try await self.queue.finish(job.lease, effects: effects)
        }
        countDone(job, isDone == true)
      } catch  where !queue.isOutage(error) {
        try await writeFailure(job, error)
      }
    case .success(nil): break
    case .failure(let error):
      try await writeFailure(job, error)
    }
  }

  /// Writes down together what is done and leaves nothing to store, and claims other jobs.
  func writeDone(claiming limit: Int) async throws -> [ClaimedJob] {
    let written = unwritten
    unwritten = [:]
    beingWritten = Set(written.keys)
    defer { beingWritten = [] }
    do {
      let (done, claimed) = try await queue.finish(
        Array(beingWritten), claiming: kinds, limit: limit, by: identity, for: settings.lease)
      for (lease, job) in written {
        running[lease] = nil
        countDone(job, done.contains(lease))
      }
      return claimed
    } catch {
      unwritten.merge(written) { $1 }
      throw error
    }
  }

  /// As ``writeDone(claiming:)``, at the end: a queue that is out of reach is waited for a little.
  func writeRest() async {
    let farewell = ContinuousClock.now + settings.farewell
    while !unwritten.isEmpty {
      do {
        _ = try await writeDone(claiming: 0)
      } catch  where queue.isOutage(error) && .now < farewell {
        try? await Task.sleep(for: .milliseconds(200))
      } catch {
        summary.unwritten += unwritten.count
        for job in unwritten.values { noteUnwritten(job, error) }
        unwritten = [:]
      }
    }
  }

  private func noteUnwritten(_ job: ClaimedJob, _ error: any Error) {
    // The lease runs out, and the job is done by somebody else.
    log(.error, job, "What came of the job could not be written down.", ["reason": "\(error)"])
  }

  private func writeFailure(_ job: ClaimedJob, _ error: any Error) async throws {
    if error is CancellationError || queue.isOutage(error) || isEnding && !(error is JobFailure) {
      let isWritten: Void? = try await persistently(job) {
        try await self.queue.handBack([job.lease])
      }
      if isWritten == nil {
        count(\.stopped, job, "Stopped.")
      } else {
        count(\.handedBack, job, "Handed back.")
      }
      return
    }
    if let snooze = error as? JobSnooze {
      let isWaiting = try await persistently(job) {
        try await self.queue.snooze(job.lease, for: snooze.delay, because: snooze.reason)
      }
      if isWaiting == true {
        summary.snoozed += 1
        // A reason that holds for many jobs is said once.
        log(
          lastSnooze == snooze.reason ? .debug : .notice, job, "\(snooze.reason)",
          ["again_in": "\(snooze.delay / .seconds(1)) s"])
        lastSnooze = snooze.reason
      } else {
        count(\.stopped, job, "Stopped.")
      }
      return
    }
    let failure = error as? JobFailure ?? JobFailure(message: "\(error)")
    let state = try await persistently(job) { try await self.queue.fail(job.lease, failure) }
    switch state {
    case .some(.some(let state)): countFailure(job, failure, state)
    default: count(\.stopped, job, "Stopped.")
    }
  }

  /// Repeats a call until the queue is in reach again; nil when the attempt was over before. Whether
  /// a call whose answer got lost was what ended it, only the next call tells. A worker that ends
  /// gives up after its farewell.
  private func persistently<Value: Sendable>(
    _ job: ClaimedJob, _ call: @Sendable () async throws -> Value
  ) async throws -> Value? {
    var pause = Duration.milliseconds(100)
    var farewell: ContinuousClock.Instant?
    var mayHaveHappened = false
    while mayHaveHappened || running[job.lease]?.isOver == false {
      // From the first try on, however long it takes.
      if isEnding, farewell == nil { farewell = .now + settings.farewell }
      do {
        return try await call()
      } catch  where queue.isOutage(error) {
        if let farewell, .now > farewell { throw error }
        mayHaveHappened = true
      }
      try await Task.sleep(for: pause * Double.random(in: 0.5...1))
      pause = min(pause * 2, .seconds(2))
    }
    return nil
  }

  private func count(
    _ counter: WritableKeyPath<WorkerSummary, Int>, _ job: ClaimedJob, _ message: Logger.Message
  ) {
    summary[keyPath: counter] += 1
    log(.debug, job, message)
  }

  private func countDone(_ job: ClaimedJob, _ isDone: Bool) {
    if isDone { count(\.done, job, "Done.") } else { count(\.stopped, job, "Stopped.") }
  }

  private func countFailure(_ job: ClaimedJob, _ failure: JobFailure, _ state: JobState) {
    if state == .waiting { summary.retried += 1 } else { summary.failed += 1 }
    log(
      .warning, job, "\(failure.message)",
      ["failure": "\(failure.kind.rawValue)", "state": "\(state.rawValue)"])
  }

  private func log(
    _ level: Logger.Level, _ job: ClaimedJob, _ message: Logger.Message,
    _ more: Logger.Metadata = [:]
  ) {
    guard logger.logLevel <= level else { return }
    let about: Logger.Metadata = [
      "job": "\(job.lease.job)", "kind": "\(job.kind)", "attempt": "\(job.attempt)",
      "trace_id": "\(job.lease.traceID)", "span_id": "\(job.lease.spanID)",
    ]
    logger.log(level: level, message, metadata: about.merging(more) { $1 })
  }
}
