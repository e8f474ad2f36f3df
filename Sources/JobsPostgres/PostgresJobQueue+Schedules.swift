public import struct Foundation.Date
public import Jobs
import Postgres

// Jobs that are queued again and again.
extension PostgresJobQueue {
  /// The schedules by name, and what is wrong with those that cannot be read.
  ///
  /// - Throws: `PostgresError`.
  public func schedules() async throws -> (readable: [Schedule], problems: [ScheduleProblem]) {
    var readable: [Schedule] = []
    var problems: [ScheduleProblem] = []
    for row in try await rows(ScheduleStatements.list) {
      do { readable.append(try row.schedule()) } catch {
        problems.append(ScheduleProblem(schedule: try row.decode("name"), reason: "\(error)"))
      }
    }
    return (readable, problems)
  }

  /// Adds a schedule, or puts it in place of that of the same name.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - rhythm: When jobs are queued.
  ///   - job: What is queued.
  ///   - missed: What becomes of times at which nobody looked.
  ///   - first: The first time, when it is repeated every so often; nil for now. Cron has its own.
  /// - Returns: The schedule.
  /// - Throws: `JobQueueError.invalidJob`; `PostgresError`.
  @discardableResult
  public func schedule(
    _ name: String, _ rhythm: Schedule.Rhythm, _ job: NewJob, missed: Schedule.Missed = .once,
    from first: Date? = nil
  ) async throws -> Schedule {
    try Self.validate(job)
    return try await pool.withRepeatedTransaction { transaction in
      let now: Date = try await transaction.query(ScheduleStatements.now)[0].decode("now")
      var schedule = Schedule(name: name, rhythm: rhythm, job: job, nextAt: first ?? now)
      var every: Double?
      var cron: String?
      switch rhythm {
      case .every(let duration): every = duration.seconds
      case .cron(let expression):
        cron = expression.text
        schedule.nextAt = expression.next(after: now) ?? .distantFuture
      }
      schedule.missed = missed
      try await transaction.execute(
        ScheduleStatements.save,
        [
          .text(name), .text(job.kind), .text(job.group), .text(job.payload),
          .integer(job.priority), .integer(job.maxErrors), every.map(SQLValue.double),
          cron.map(SQLValue.text), .text(missed.rawValue), .date(schedule.nextAt),
        ])
      return schedule
    }
  }

  /// Forgets a schedule; jobs that it has queued stay.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: `PostgresError`.
  public func unschedule(_ name: String) async throws -> Bool {
    try await pool.withConnection {
      try await $0.execute(ScheduleStatements.remove, [.text(name)]) == 1
    }
  }

  /// Lets a schedule rest, also one that cannot be read.
  ///
  /// - Returns: Whether there is one.
  /// - Throws: `PostgresError`.
  public func pause(schedule name: String) async throws -> Bool {
    try await pool.withConnection {
      try await $0.execute(ScheduleStatements.rest, [.text(name)]) == 1
    }
  }

  /// Lets a schedule go on; what would have come meanwhile is left out.
  ///
  /// - Returns: Whether there is one.
  /// - Throws: `PostgresError`, `CronProblem`.
  public func resume(schedule name: String) async throws -> Bool {
    try await pool.withRepeatedTransaction { transaction in
      guard let row = try await transaction.query(ScheduleStatements.lock, [.text(name)]).first
      else { return false }
      var schedule = try row.schedule()
      let now: Date = try row.decode("now")
      if schedule.isPaused, schedule.nextAt <= now {
        schedule.nextAt = schedule.rhythm.next(after: schedule.nextAt, now: now) ?? .distantFuture
      }
      try await transaction.execute(
        ScheduleStatements.resume, [.text(name), .date(schedule.nextAt)])
      return true
    }
  }

  /// Queues what is due by schedules.
  public func enqueueScheduled() async throws -> ScheduleOutcome {
    // Mostly it is too early for all of them, which one statement tells.
    var early = ScheduleOutcome()
    early.next = try await rows(ScheduleStatements.untilNext, [.texts([])])[0].duration("seconds")
    guard let next = early.next, next <= .zero else { return early }
    return try await pool.withRepeatedTransaction { transaction in
      var outcome = ScheduleOutcome()
      for row in try await transaction.query(ScheduleStatements.due) {
        do {
          // In a savepoint: what one does wrong is taken back, and the others go on.
          try await transaction.transaction { try await enqueue(row, in: $0) }
        } catch  where !isOutage(error) && !(error is CancellationError) {
          outcome.problems.append(
            ScheduleProblem(schedule: try row.decode("name"), reason: "\(error)"))
        }
      }
      outcome.next = try await transaction.query(
        ScheduleStatements.untilNext, [.texts(outcome.problems.map(\.schedule))])[0]
        .duration("seconds")
      return outcome
    }
  }

  /// Queues for one that is due.
  private func enqueue(_ row: Row, in transaction: Connection) async throws {
    let schedule = try row.schedule()
    let (times, after) = schedule.due(
      at: try row.decode("now"), isWaiting: try await isLastWaiting(schedule, transaction))
    _ = try await enqueue(times.map(schedule.job), in: transaction)
    try await transaction.execute(
      ScheduleStatements.advance,
      [.text(schedule.name), .date(after.nextAt), after.lastAt.map(SQLValue.date)])
  }

  private func isLastWaiting(
    _ schedule: Schedule, _ transaction: Transaction
  ) async throws -> Bool {
    guard schedule.missed == .once, let last = schedule.lastAt else { return false }
    return try await transaction.query(
      ScheduleStatements.isWaiting,
      [.text(schedule.job.kind), schedule.job(at: last).key.map(SQLValue.text)])[0].decode(
        "is_waiting")
  }
}

extension Row {
  fileprivate func schedule() throws -> Schedule {
    let cron: String? = try decodeIfPresent("cron")
    let missed: String = try decode("missed")
    guard let policy = Schedule.Missed(rawValue: missed) else {
      throw JobQueueError.unreadable(what: "rule for what was missed", text: missed)
    }
    var schedule = Schedule(
      name: try decode("name"),
      rhythm: try cron.map { .cron(try CronExpression($0)) }
        ?? .every(.seconds(try decode("every", as: Double.self))),
      job: NewJob(
        kind: try decode("kind"), key: nil, payload: try decode("payload"),
        group: try decode("group_name"), priority: try decode("priority"),
        maxErrors: try decode("max_errors")),
      nextAt: try decode("next_at"))
    schedule.missed = policy
    schedule.isPaused = try decode("is_paused")
    schedule.lastAt = try decodeIfPresent("last_at")
    return schedule
  }
}
