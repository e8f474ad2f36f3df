public import struct Foundation.Date

/// What a worker learns from its heartbeat. The attempts that are named are over: they are to be
/// stopped, and nothing of them is kept.
public struct HeartbeatReply: Hashable, Sendable {
  /// Attempts whose lease was lost to somebody else.
  public var lost: Set<Lease>

  /// Attempts of jobs that were called off.
  public var cancelled: Set<Lease>

  /// The kinds of job that are paused in all collections; nil for everything.
  public var paused: Set<String?>

  /// While starts are limited to so many in a time: how often it is worth to look for jobs.
  public var pace: Duration?

  /// The version of the storage's schema; nil where there is none.
  public var schemaVersion: Int?

  /// Puts a reply together.
  ///
  /// - Parameters:
  ///   - lost: Attempts whose lease was lost to somebody else.
  ///   - cancelled: Attempts of jobs that were called off.
  ///   - paused: The kinds of job that are paused in all collections; nil for everything.
  ///   - pace: How often it is worth to look for jobs.
  public init(
    lost: Set<Lease> = [], cancelled: Set<Lease> = [], paused: Set<String?> = [],
    pace: Duration? = nil
  ) {
    self.pace = pace
    self.lost = lost
    self.cancelled = cancelled
    self.paused = paused
  }
}

/// How many jobs there are of one collection, kind and state.
public struct JobCount: Hashable, Sendable {
  /// The collection.
  public var group: String

  /// The kind.
  public var kind: String

  /// The state.
  public var state: JobState

  /// How many.
  public var count: Int

  /// How many of them came to this state within the window that was asked for; 0 for states that
  /// are not final.
  public var finishedLately: Int

  /// How long ago the first of those came to it, in seconds by the queue's clock; 0 without any.
  public var latelySeconds: Double

  /// Puts a count together.
  ///
  /// - Parameters:
  ///   - group: The collection.
  ///   - kind: The kind.
  ///   - state: The state.
  ///   - count: How many.
  ///   - finishedLately: How many of them came to this state lately.
  ///   - latelySeconds: How long ago the first of those came to it.
  public init(
    group: String, kind: String, state: JobState, count: Int, finishedLately: Int,
    latelySeconds: Double
  ) {
    self.latelySeconds = latelySeconds
    self.group = group
    self.kind = kind
    self.state = state
    self.count = count
    self.finishedLately = finishedLately
  }
}

/// Something that is paused.
public struct Pause: Hashable, Sendable {
  /// The jobs.
  public var scope: JobScope

  /// Since when.
  public var since: Date

  /// Puts it together.
  ///
  /// - Parameters:
  ///   - scope: The jobs.
  ///   - since: Since when.
  public init(scope: JobScope, since: Date) {
    self.scope = scope
    self.since = since
  }
}

/// A worker that was heard of.
public struct WorkerRecord: Hashable, Sendable {
  /// Who it is.
  public var identity: WorkerIdentity

  /// When it began.
  public var startedAt: Date

  /// How long ago it was heard of last, in seconds by the queue's clock.
  public var silentSeconds: Double

  /// How many jobs it holds.
  public var running: Int

  /// Puts it together.
  ///
  /// - Parameters:
  ///   - identity: Who it is.
  ///   - startedAt: When it began.
  ///   - silentSeconds: How long ago it was heard of last.
  ///   - running: How many jobs it holds.
  public init(
    identity: WorkerIdentity, startedAt: Date, silentSeconds: Double, running: Int
  ) {
    self.identity = identity
    self.startedAt = startedAt
    self.silentSeconds = silentSeconds
    self.running = running
  }
}
