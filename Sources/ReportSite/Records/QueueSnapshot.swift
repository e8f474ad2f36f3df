public import Foundation

/// The queue as it was at one moment.
public struct QueueSnapshot: Codable, Hashable, Sendable {
  /// How many jobs are in one state.
  public struct Count: Codable, Hashable, Sendable {
    /// The state's name, for example `waiting`.
    public var state: String

    /// Jobs in it.
    public var jobs: Int

    /// Notes a count.
    public init(state: String, jobs: Int) {
      self.state = state
      self.jobs = jobs
    }
  }

  /// One worker.
  public struct Worker: Codable, Hashable, Sendable {
    /// The worker's name, for example `host/1234`.
    public var name: String

    /// When it was last heard from.
    public var lastSeen: Date

    /// Jobs it holds.
    public var runningJobs: Int

    /// Describes a worker.
    public init(name: String, lastSeen: Date, runningJobs: Int) {
      self.name = name
      self.lastSeen = lastSeen
      self.runningJobs = runningJobs
    }
  }

  /// Jobs that came to an end within a stretch of time.
  public struct Throughput: Codable, Hashable, Sendable {
    /// How long the stretch before ``takenAt`` is, in seconds.
    public var seconds: Double

    /// Jobs done in it.
    public var done: Int

    /// Jobs given up in it.
    public var failed: Int

    /// Notes a throughput.
    public init(seconds: Double, done: Int, failed: Int) {
      self.seconds = seconds
      self.done = done
      self.failed = failed
    }
  }

  /// A job that was given up.
  public struct Failure: Codable, Hashable, Sendable {
    /// The job's number.
    public var job: String

    /// What the job was to do, for example `infer`.
    public var work: String

    /// The collection.
    public var collection: String

    /// The clip's id; nil for work on no clip.
    public var clip: String?

    /// What happened, for example `error` or `signal 11`.
    public var kind: String

    /// Why, in one sentence.
    public var reason: String

    /// How often it was tried.
    public var attempts: Int

    /// The machine that tried it last, when known.
    public var host: String?

    /// When it was given up, when known.
    public var at: Date?

    /// Describes a failure.
    public init(
      job: String, work: String, collection: String, clip: String? = nil, kind: String,
      reason: String, attempts: Int, host: String? = nil, at: Date? = nil
    ) {
      self.job = job
      self.work = work
      self.collection = collection
      self.clip = clip
      self.kind = kind
      self.reason = reason
      self.attempts = attempts
      self.host = host
      self.at = at
    }
  }

  /// When the queue was looked at.
  public var takenAt: Date

  /// Jobs by state, in the order in which the page lists them.
  public var counts: [Count]

  /// Since when the job that waits longest has been due; nil when none waits.
  public var oldestWaitingSince: Date?

  /// Jobs finished in the hour before ``takenAt``, when known.
  public var finishedLastHour: Int?

  /// The workers known, in order of name.
  public var workers: [Worker]

  /// How fast jobs come to an end, over stretches of different length, shortest first.
  public var throughput: [Throughput] = []

  /// Jobs that were given up, latest first; not more than a page can show.
  public var failures: [Failure] = []

  /// Jobs that were given up, those that ``failures`` leaves out among them.
  public var failed = 0

  /// Describes a queue.
  public init(
    takenAt: Date, counts: [Count], oldestWaitingSince: Date? = nil, finishedLastHour: Int? = nil,
    workers: [Worker] = []
  ) {
    self.takenAt = takenAt
    self.counts = counts
    self.oldestWaitingSince = oldestWaitingSince
    self.finishedLastHour = finishedLastHour
    self.workers = workers
  }
}
