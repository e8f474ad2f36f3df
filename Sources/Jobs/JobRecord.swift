public import struct Foundation.Date

/// Which jobs are meant; what is nil does not narrow.
public struct JobFilter: Hashable, Sendable {
  /// Their ids.
  public var ids: [Int64]?

  /// Their states.
  public var states: Set<JobState>?

  /// Their collection.
  public var group: String?

  /// Their kind.
  public var kind: String?

  /// Their keys.
  public var keys: [String]?

  /// Narrows by what is not nil.
  ///
  /// - Parameters:
  ///   - ids: Their ids.
  ///   - states: Their states.
  ///   - group: Their collection.
  ///   - kind: Their kind.
  ///   - keys: Their keys.
  public init(
    ids: [Int64]? = nil, states: Set<JobState>? = nil, group: String? = nil, kind: String? = nil,
    keys: [String]? = nil
  ) {
    self.ids = ids
    self.states = states
    self.group = group
    self.kind = kind
    self.keys = keys
  }
}

/// What is known of a job.
public struct JobRecord: Hashable, Sendable {
  /// Its number.
  public var id: Int64

  /// Which handler does it.
  public var kind: String

  /// What makes it the same job as another of its kind; empty for a job that is like no other.
  public var key: String

  /// What the handler needs to know, as JSON text.
  public var payload: String

  /// The collection that it belongs to.
  public var group: String

  /// Where it stands.
  public var state: JobState

  /// Jobs with a higher number are started first.
  public var priority: Int

  /// How often it was claimed.
  public var attempts: Int

  /// What counts against it since it was queued or retried.
  public var strikes: Strikes

  /// With how many errors it is given up.
  public var maxErrors: Int

  /// The part of the running attempt that is done, 0 to 1; nil when it does not run.
  public var progress: Double?

  /// When it was queued.
  public var createdAt: Date

  /// Before when it is not started; of interest while it waits.
  public var notBefore: Date

  /// How many other jobs it waits for before it can be started.
  public var waitsFor = 0

  /// Why its handler put it off, in one sentence for people; nil when it did not.
  public var waitReason: String?

  /// The job because of which it was called off: it needed the success of that one, which ended
  /// without. Nil for none.
  public var prerequisite: Int64?

  /// Which element of which array it is; nil for none.
  public var element: ArrayElement?

  /// When the attempt began that goes on, or that it ended with; nil for none.
  public var startedAt: Date?

  /// When it ended; nil while it waits or runs.
  public var finishedAt: Date?

  /// The machine of that attempt.
  public var host: String?

  /// The last failed attempt since it was queued or retried.
  public var failure: Failure?

  /// A failed attempt in short.
  public struct Failure: Hashable, Sendable {
    /// What happened.
    public var kind: FailureKind

    /// One sentence for people.
    public var message: String

    /// Puts it together.
    ///
    /// - Parameters:
    ///   - kind: What happened.
    ///   - message: One sentence for people.
    public init(kind: FailureKind, message: String) {
      self.kind = kind
      self.message = message
    }
  }

  /// Puts a record together.
  ///
  /// - Parameters:
  ///   - id: Its number.
  ///   - job: What was queued.
  ///   - state: Where it stands.
  ///   - createdAt: When it was queued; also before when it is not started.
  public init(id: Int64, job: NewJob, state: JobState, createdAt: Date) {
    self.id = id
    kind = job.kind
    key = job.key ?? ""
    payload = job.payload
    group = job.group
    self.state = state
    priority = job.priority
    attempts = 0
    strikes = Strikes()
    maxErrors = job.maxErrors
    self.createdAt = createdAt
    notBefore = createdAt
  }
}

/// An element of an array of jobs.
public struct ArrayElement: Hashable, Sendable {
  /// The array's number.
  public var array: Int64

  /// The element's number, from 0.
  public var index: Int

  /// Names it.
  ///
  /// - Parameters:
  ///   - array: The array's number.
  ///   - index: The element's number, from 0.
  public init(array: Int64, index: Int) {
    self.array = array
    self.index = index
  }
}

/// A part of a list of jobs.
public struct JobPage: Hashable, Sendable {
  /// The jobs.
  public var jobs: [JobRecord]

  /// How many there are in all.
  public var total: Int

  /// Puts a page together.
  ///
  /// - Parameters:
  ///   - jobs: The jobs.
  ///   - total: How many there are in all.
  public init(jobs: [JobRecord], total: Int) {
    self.jobs = jobs
    self.total = total
  }
}

/// A job with its history.
public struct JobDetails: Hashable, Sendable {
  /// The job.
  public var job: JobRecord

  /// The attempts, oldest first; a running one is not among them yet.
  public var attempts: [AttemptRecord]

  /// Jobs that it waits for, at most twenty of them.
  public var waitsFor: [JobRecord] = []

  /// Jobs that wait for it, at most twenty of them.
  public var waiters: [Waiter] = []

  /// A job that waits for another one.
  public struct Waiter: Hashable, Sendable {
    /// The job.
    public var job: JobRecord

    /// Whether the other one must be done; else it is enough that it has ended, as for whoever waits
    /// for the end of a batch.
    public var needsSuccess: Bool

    /// Puts it together.
    public init(job: JobRecord, needsSuccess: Bool) {
      self.job = job
      self.needsSuccess = needsSuccess
    }
  }

  /// What it said of itself when it was done, as JSON text.
  public var output: String?

  /// Puts it together.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - attempts: The attempts, oldest first.
  public init(job: JobRecord, attempts: [AttemptRecord]) {
    self.job = job
    self.attempts = attempts
  }
}
