/// What counts against a job since it was queued or retried.
public struct Strikes: Hashable, Sendable {
  /// Errors that its handler reported.
  public var errors: Int

  /// Deaths of its process that are its own fault.
  public var deaths: Int

  /// Deaths that most likely came from outside: kills, reboots, lost networks.
  public var interruptions: Int

  /// Counts.
  ///
  /// - Parameters:
  ///   - errors: Errors that its handler reported.
  ///   - deaths: Deaths of its process that are its own fault.
  ///   - interruptions: Deaths that most likely came from outside.
  public init(errors: Int = 0, deaths: Int = 0, interruptions: Int = 0) {
    self.errors = errors
    self.deaths = deaths
    self.interruptions = interruptions
  }
}

/// Decides what becomes of a job whose attempt failed.
///
/// Errors, deaths of its own and interruptions are counted apart: a video that crashes the decoder
/// is set aside after its second crash, while one whose machine is rebooted is not.
public struct RetryPolicy: Hashable, Sendable {
  /// With how many deaths of its own a job is quarantined.
  public var maxDeaths: Int

  /// With how many interruptions a job is quarantined: at some point it is no coincidence.
  public var maxInterruptions: Int

  /// The pause after the first failure.
  public var firstPause: Duration

  /// By how much the pause grows with every failure of the same sort; 1 keeps it as it is.
  public var growth: Double

  /// The longest pause.
  public var longestPause: Duration

  /// By which part of it a pause is shortened at most, at random, 0 to 1.
  public var jitter: Double

  /// Chooses the limits.
  ///
  /// - Parameters:
  ///   - maxDeaths: With how many deaths of its own a job is quarantined.
  ///   - maxInterruptions: With how many interruptions a job is quarantined.
  ///   - firstPause: The pause after the first failure.
  ///   - growth: By how much it grows with every failure of the same sort.
  ///   - longestPause: The longest pause.
  ///   - jitter: By which part of it a pause is shortened at most.
  public init(
    maxDeaths: Int = 2, maxInterruptions: Int = 50, firstPause: Duration = .seconds(2),
    growth: Double = 2, longestPause: Duration = .seconds(300), jitter: Double = 0.5
  ) {
    self.maxDeaths = maxDeaths
    self.maxInterruptions = maxInterruptions
    self.firstPause = firstPause
    self.growth = growth
    self.jitter = jitter
    self.longestPause = longestPause
  }

  /// What becomes of a job.
  public struct Verdict: Hashable, Sendable {
    /// `waiting`, `failed` or `quarantined`.
    public var state: JobState

    /// What counts against it now.
    public var strikes: Strikes

    /// How long it waits before it is tried again; zero when it is not.
    public var pause: Duration
  }

  /// Judges a failed attempt.
  ///
  /// The pause grows with every failure of the same sort, up to the longest one; after an
  /// interruption it stays the first one, for the next attempt is as likely to succeed as any. It
  /// is then shortened at random, so that jobs that failed together do not come back together.
  ///
  /// - Parameters:
  ///   - failure: What happened.
  ///   - strikes: What counted against the job before.
  ///   - maxErrors: With how many errors it is given up.
  ///   - chance: From 0 to 1; where in the random range the pause lies.
  /// - Returns: What becomes of it.
  public func judge(
    _ failure: JobFailure, strikes: Strikes, maxErrors: Int,
    chance: Double = .random(in: 0...1)
  ) -> Verdict {
    var strikes = strikes
    let (count, limit, end): (Int, Int, JobState)
    switch failure.kind.blame {
    case .handler:
      strikes.errors += 1
      (count, limit, end) = (strikes.errors, maxErrors, .failed)
    case .job:
      strikes.deaths += 1
      (count, limit, end) = (strikes.deaths, maxDeaths, .quarantined)
    case .outside:
      strikes.interruptions += 1
      (count, limit, end) = (strikes.interruptions, maxInterruptions, .quarantined)
    }
    if failure.isPermanent { return Verdict(state: .failed, strikes: strikes, pause: .zero) }
    if count >= limit { return Verdict(state: end, strikes: strikes, pause: .zero) }
    let steps = failure.kind.blame == .outside ? 0 : count - 1
    return Verdict(state: .waiting, strikes: strikes, pause: pause(after: steps, chance: chance))
  }

  private func pause(after steps: Int, chance: Double) -> Duration {
    var pause = firstPause
    for _ in 0..<steps where pause < longestPause { pause = min(pause * growth, longestPause) }
    return min(pause, longestPause) * (1 - jitter * chance)
  }
}
