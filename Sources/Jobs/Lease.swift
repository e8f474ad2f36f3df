/// The right to end one attempt of a job, for a limited time.
///
/// The token is random and new for every claim, so whoever lost a lease cannot end a later
/// attempt, also after a crash of the server took back the claim.
public struct Lease: Hashable, Sendable {
  /// The job's id.
  public let job: Int64

  /// Tells this attempt from every other one.
  public let token: Int64

  /// Names an attempt.
  ///
  /// - Parameters:
  ///   - job: The job's id.
  ///   - token: Tells this attempt from every other one.
  public init(job: Int64, token: Int64) {
    self.job = job
    self.token = token
  }
}

/// A job that a worker holds.
public struct ClaimedJob: Hashable, Sendable {
  /// The right to end this attempt.
  public let lease: Lease

  /// Which handler does it.
  public let kind: String

  /// What makes it the same job as another of its kind; empty for a job that is like no other.
  public let key: String

  /// The collection that it belongs to.
  public let group: String

  /// What the handler needs to know, as JSON text.
  public let payload: String

  /// How often it was claimed, this time included.
  public let attempt: Int

  /// Jobs with a higher number are started first.
  public let priority: Int

  /// How long the attempt may take before it is ended; nil for as long as it likes.
  public let timeLimit: Duration?

  /// Puts a claimed job together.
  ///
  /// - Parameters:
  ///   - lease: The right to end this attempt.
  ///   - kind: Which handler does it.
  ///   - key: What makes it the same job as another of its kind.
  ///   - group: The collection that it belongs to.
  ///   - payload: What the handler needs to know, as JSON text.
  ///   - attempt: How often it was claimed, this time included.
  ///   - priority: Jobs with a higher number are started first.
  ///   - timeLimit: How long the attempt may take.
  public init(
    lease: Lease, kind: String, key: String, group: String, payload: String, attempt: Int,
    priority: Int = 0, timeLimit: Duration? = nil
  ) {
    self.priority = priority
    self.timeLimit = timeLimit
    self.lease = lease
    self.kind = kind
    self.key = key
    self.group = group
    self.payload = payload
    self.attempt = attempt
  }
}
