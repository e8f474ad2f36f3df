/// Which jobs a pause or a limit is about.
public struct JobScope: Hashable, Sendable {
  /// Their kind; nil for all kinds.
  public var kind: String?

  /// Their collection; nil for all collections.
  public var group: String?

  /// Names jobs; without any name, all of them.
  ///
  /// - Parameters:
  ///   - kind: Their kind.
  ///   - group: Their collection.
  public init(kind: String? = nil, group: String? = nil) {
    self.kind = kind
    self.group = group
  }

  /// All jobs.
  public static let everything = JobScope()

  /// Whether jobs of a kind and collection are meant.
  public func contains(kind: String, group: String) -> Bool {
    (self.kind ?? kind) == kind && (self.group ?? group) == group
  }
}

/// How many jobs may run, on all machines together.
public struct JobLimit: Hashable, Sendable {
  /// The jobs that it is about.
  public var scope: JobScope

  /// How many may run at a time; nil for as many as there are workers for.
  public var maxRunning: Int?

  /// How many may start in a time; nil for as many as can.
  public var rate: Rate?

  /// So many starts, spread evenly over a time; what was not used may start at once, so up to twice
  /// as many may fall into a time of that length.
  public struct Rate: Hashable, Sendable {
    /// How many.
    public var starts: Int

    /// In which time.
    public var every: Duration

    /// Says how many in which time.
    ///
    /// - Parameters:
    ///   - starts: How many; above 0.
    ///   - every: In which time; above 0.
    public init(starts: Int, every: Duration) {
      precondition(starts > 0 && every > .zero, "\(starts) starts in \(every)")
      self.starts = starts
      self.every = every
    }
  }

  /// Limits nothing, until a limit is set.
  ///
  /// - Parameters:
  ///   - scope: The jobs that it is about.
  ///   - maxRunning: How many may run at a time.
  ///   - rate: How many may start in a time.
  public init(scope: JobScope, maxRunning: Int? = nil, rate: Rate? = nil) {
    self.scope = scope
    self.maxRunning = maxRunning
    self.rate = rate
  }
}

/// How jobs of a kind are tried again, how long they may take and are kept. Nil leaves what the
/// policy of all kinds says, or else the default: that of the queue's ``RetryPolicy``, no time
/// limit, kept for ever.
public struct KindPolicy: Hashable, Sendable {
  /// The kind; nil for all kinds that have no policy of their own.
  public var kind: String?

  /// With how many errors a job is given up, whatever it was queued with.
  public var maxErrors: Int?

  /// As ``RetryPolicy/maxDeaths``.
  public var maxDeaths: Int?

  /// As ``RetryPolicy/maxInterruptions``.
  public var maxInterruptions: Int?

  /// As ``RetryPolicy/firstPause``.
  public var firstPause: Duration?

  /// As ``RetryPolicy/growth``.
  public var growth: Double?

  /// As ``RetryPolicy/longestPause``.
  public var longestPause: Duration?

  /// As ``RetryPolicy/jitter``.
  public var jitter: Double?

  /// How long an attempt may take before its worker ends it, which counts as a death of the job's
  /// own.
  public var timeLimit: Duration?

  /// How long a done job is kept before pruning deletes it; at least an hour.
  public var keep: Duration?

  /// Changes nothing, until something is set.
  ///
  /// - Parameter kind: The kind; nil for all that have no policy of their own.
  public init(kind: String?) { self.kind = kind }

  /// Whether it says nothing.
  public var isEmpty: Bool { self == KindPolicy(kind: kind) }
}

extension RetryPolicy {
  /// This policy, but for what a kind has of its own.
  public func overridden(by policy: KindPolicy) -> RetryPolicy {
    RetryPolicy(
      maxDeaths: policy.maxDeaths ?? maxDeaths,
      maxInterruptions: policy.maxInterruptions ?? maxInterruptions,
      firstPause: policy.firstPause ?? firstPause, growth: policy.growth ?? growth,
      longestPause: policy.longestPause ?? longestPause, jitter: policy.jitter ?? jitter)
  }
}
