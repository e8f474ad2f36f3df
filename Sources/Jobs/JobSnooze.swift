/// What a handler throws when it is too early: the job waits, and the attempt does not count.
public struct JobSnooze: Error, Hashable, Sendable {
  /// How long the job waits before it is tried again.
  public var delay: Duration

  /// What is waited for, in one sentence for people.
  public var reason: String

  /// Says how long.
  ///
  /// - Parameters:
  ///   - delay: How long the job waits before it is tried again.
  ///   - reason: What is waited for, in one sentence for people.
  public init(for delay: Duration, because reason: String) {
    self.delay = delay
    self.reason = reason
  }
}
