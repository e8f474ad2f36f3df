/// How a worker goes about its work.
public struct WorkerSettings: Hashable, Sendable {
  /// How long a job stays this worker's when nothing is heard of it.
  public var lease: Duration

  /// How often the worker says that it lives; a cancelled job is noticed within this time.
  public var heartbeat: Duration

  /// How often it says so while it has no jobs.
  public var idleHeartbeat: Duration

  /// How often it looks for jobs when nothing wakes it.
  public var poll: Duration

  /// How often it looks for leases of others that ran out.
  public var rescue: Duration

  /// How long jobs that are done and leave nothing to store may wait for others, to be written down
  /// together with them.
  public var gathering: Duration

  /// How long it waits for a database that went away, when it is asked to end.
  public var farewell: Duration

  /// Whether it ends when no job of its kinds waits or runs.
  public var drains: Bool

  /// Chooses the pace.
  ///
  /// - Parameters:
  ///   - lease: How long a job stays this worker's when nothing is heard of it.
  ///   - heartbeat: How often the worker says that it lives; at most a quarter of the lease.
  ///   - idleHeartbeat: How often it says so while it has no jobs.
  ///   - poll: How often it looks for jobs when nothing wakes it.
  ///   - rescue: How often it looks for leases of others that ran out.
  ///   - gathering: How long jobs that are done may wait to be written down with others.
  ///   - farewell: How long it waits for a database that went away, when it is asked to end.
  ///   - drains: Whether it ends when no job of its kinds waits or runs.
  public init(
    lease: Duration = .seconds(30), heartbeat: Duration = .seconds(1),
    idleHeartbeat: Duration = .seconds(5), poll: Duration = .seconds(2.5),
    rescue: Duration = .seconds(10), gathering: Duration = .milliseconds(2),
    farewell: Duration = .seconds(5), drains: Bool = false
  ) {
    precondition(heartbeat * 4 <= lease, "a heartbeat of \(heartbeat) for a lease of \(lease)")
    self.lease = lease
    self.heartbeat = heartbeat
    self.idleHeartbeat = idleHeartbeat
    self.poll = poll
    self.rescue = rescue
    self.gathering = gathering
    self.farewell = farewell
    self.drains = drains
  }
}

/// What became of the attempts that a worker made.
public struct WorkerSummary: Hashable, Sendable {
  /// Jobs that are done.
  public var done = 0

  /// Jobs that failed for good or were quarantined.
  public var failed = 0

  /// Failed attempts of jobs that are tried again.
  public var retried = 0

  /// Attempts for which it was too early.
  public var snoozed = 0

  /// Attempts that were called off or lost their lease.
  public var stopped = 0

  /// Jobs that were given back because the worker ended or the database was away.
  public var handedBack = 0

  /// Attempts of which nothing could be written down: others take the jobs over when the leases run
  /// out.
  public var unwritten = 0

  /// Counts from zero.
  public init() {}
}
