public import struct Foundation.Date
public import Jobs
import Postgres

// Jobs that are queued again and again.
extension PostgresJobQueue {
  /// The schedules by name.
  ///
  /// - Throws: `PostgresError`, `CronProblem`.
  public func schedules() async throws -> [Schedule] {
    try await rows(ScheduleStatements.list).map { try $0.schedule() }
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
    return try await pool.withTransaction { transaction in
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

  /// Lets a schedule rest, or go on; what would have come meanwhile is left out.
  ///
  /// - Returns: Whether there is one.
  /// - Throws: `PostgresError`, `CronProblem`.
  public func pause(schedule name: String, _ isPaused: Bool = true) async throws -> Bool {
    try await pool.withTransaction { transaction in
      guard let row = try await transaction.query(ScheduleStatements.lock, [.text(name)]).first
      else { return false }
      var schedule = try row.schedule()
      let now: Date = try row.decode("now")
      if schedule.isPaused, !isPaused, schedule.nextAt <= now {
        schedule.nextAt = schedule.rhythm.next(after: schedule.nextAt, now: now) ?? .distantFuture
      }
      try await transaction.execute(
        ScheduleStatements.pause, [.text(name), .bool(isPaused), .date(schedule.nextAt)])
      return true
    }
  }

  /// Queues what is due by schedules.
  public func enqueueScheduled() async throws -> Duration? {
    try await pool.withTransaction { transaction in
      for row in try await transaction.query(ScheduleStatements.due) {
        let schedule = try row.schedule()
        let (times, after) = schedule.due(
          at: try row.decode("now"), isWaiting: try await isLastWaiting(schedule, transaction))
        _ = try await enqueue(times.map(schedule.job), in: transaction)
        try await transaction.execute(
          ScheduleStatements.advance,
          [.text(schedule.name), .date(after.nextAt), after.lastAt.map(SQLValue.date)])
      }
      return try await transaction.query(ScheduleStatements.untilNext)[0].duration("seconds")
    }
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
