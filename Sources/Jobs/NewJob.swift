/// A job to be queued.
public struct NewJob: Hashable, Sendable {
  /// Which handler does it.
  public var kind: String

  /// What makes it the same job as another of its kind: a key is queued once, ever. Nil for a job
  /// that is like no other.
  public var key: String?

  /// What the handler needs to know, as JSON text.
  public var payload: String

  /// The collection that it belongs to: jobs of different collections take turns.
  public var group: String

  /// Jobs with a higher number are started first.
  public var priority: Int

  /// With how many errors it is given up; deaths of its process are counted apart.
  public var maxErrors: Int

  /// How long it waits at least before it is started.
  public var delay: Duration

  /// The jobs that must be done before it is started; each is known. A job that waits for others has
  /// a key.
  public var after: [JobName] = []

  /// The running job that it follows from: whoever waits for the end of that one waits for the end
  /// of this one, too, if it is new and has a key.
  public var follows: Int64?

  /// Describes a job.
  ///
  /// - Parameters:
  ///   - kind: Which handler does it.
  ///   - key: What makes it the same job as another of its kind; nil for none.
  ///   - payload: What the handler needs to know, as JSON text.
  ///   - group: The collection that it belongs to.
  ///   - priority: Jobs with a higher number are started first.
  ///   - maxErrors: With how many errors it is given up; at least 1.
  ///   - delay: How long it waits at least before it is started.
  public init(
    kind: String, key: String?, payload: String, group: String, priority: Int = 0,
    maxErrors: Int = 3, delay: Duration = .zero
  ) {
    precondition(maxErrors > 0, "a job that is given up after \(maxErrors) errors")
    self.kind = kind
    self.key = key
    self.payload = payload
    self.group = group
    self.priority = priority
    self.maxErrors = maxErrors
    self.delay = delay
  }
}

/// A job by what makes it the same as another.
public struct JobName: Hashable, Sendable {
  /// Its kind.
  public var kind: String

  /// Its key.
  public var key: String

  /// Names a job.
  ///
  /// - Parameters:
  ///   - kind: Its kind.
  ///   - key: Its key.
  public init(kind: String, key: String) {
    self.kind = kind
    self.key = key
  }
}
