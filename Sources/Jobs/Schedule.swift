public import Foundation

/// A job that is queued again and again. Times are those of the queue's clock.
public struct Schedule: Hashable, Sendable {
  /// Its name.
  public var name: String

  /// When.
  public var rhythm: Rhythm

  /// What is queued; its key is made of the name and the time.
  public var job: NewJob

  /// What becomes of times at which nobody looked.
  public var missed = Missed.once

  /// Whether it rests.
  public var isPaused = false

  /// The time that comes next.
  public var nextAt: Date

  /// The time that was queued for last; nil before the first.
  public var lastAt: Date?

  /// When jobs are queued.
  public enum Rhythm: Hashable, Sendable {
    /// Every so often; at least a second.
    case every(Duration)

    /// As cron has it, in UTC.
    case cron(CronExpression)

    /// The first time after another one.
    ///
    /// - Parameters:
    ///   - last: A time of this rhythm.
    ///   - now: What has passed.
    /// - Returns: The first time after both; nil when there is none.
    public func next(after last: Date, now: Date) -> Date? {
      switch self {
      case .every(let duration):
        let seconds = duration / .seconds(1)
        let steps = max(1, (now.timeIntervalSince(last) / seconds).rounded(.down) + 1)
        return last + steps * seconds
      case .cron(let expression): return expression.next(after: max(last, now))
      }
    }
  }

  /// What becomes of times at which nobody looked, or whose job would find the one before still
  /// waiting.
  public enum Missed: String, CaseIterable, Sendable {
    /// Nothing is queued for what is more than a minute ago.
    case skip

    /// One job is queued for all of them, and none while the one before waits.
    case once

    /// A job is queued for each.
    case all
  }

  /// Describes a schedule.
  ///
  /// - Parameters:
  ///   - name: Its name; 1 to 200 bytes.
  ///   - rhythm: When.
  ///   - job: What is queued; its key does not matter.
  ///   - nextAt: The first time.
  public init(name: String, rhythm: Rhythm, job: NewJob, nextAt: Date) {
    self.name = name
    self.rhythm = rhythm
    self.job = job
    self.nextAt = nextAt
  }

  /// What is to be queued now.
  ///
  /// - Parameters:
  ///   - now: The time by the queue's clock.
  ///   - isWaiting: Whether the job of the last time still waits.
  /// - Returns: The times to queue for, at most a thousand; and the schedule as it is then.
  public func due(at now: Date, isWaiting: Bool) -> (times: [Date], after: Schedule) {
    guard !isPaused, nextAt <= now else { return ([], self) }
    var after = self
    var times: [Date] = []
    switch missed {
    case .all:
      var time: Date? = nextAt
      while let due = time, due <= now, times.count < 1000 {
        times.append(due)
        time = rhythm.next(after: due, now: due)
      }
      after.nextAt = time ?? .distantFuture
    case .once, .skip:
      let isLate = now.timeIntervalSince(nextAt) > 60
      if missed == .once ? !isWaiting : !isLate { times = [nextAt] }
      after.nextAt = rhythm.next(after: nextAt, now: now) ?? .distantFuture
    }
    after.lastAt = times.last ?? lastAt
    return (times, after)
  }

  /// The job of a time.
  public func job(at time: Date) -> NewJob {
    var job = job
    job.key = "\(name) \(time.formatted(.iso8601))"
    return job
  }
}

/// What became of a look at all schedules.
public struct ScheduleOutcome: Hashable, Sendable {
  /// How long it is until the next time of any of them; nil when there is none.
  public var next: Duration?

  /// Those that cannot be queued for.
  public var problems: [ScheduleProblem] = []

  /// Without any schedules.
  public init() {}
}

/// Why a schedule cannot be queued for.
public struct ScheduleProblem: Error, Hashable, Sendable {
  /// Its name.
  public var schedule: String

  /// The reason, in one sentence for people.
  public var reason: String

  /// Names it.
  ///
  /// - Parameters:
  ///   - schedule: Its name.
  ///   - reason: The reason, in one sentence for people.
  public init(schedule: String, reason: String) {
    self.schedule = schedule
    self.reason = reason
  }
}
