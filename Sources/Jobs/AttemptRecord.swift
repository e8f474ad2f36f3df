public import struct Foundation.Date

/// How an attempt ended.
public enum AttemptOutcome: Hashable, Sendable {
  /// Its effects are stored.
  case done

  /// It came to no result.
  case failed(FailureKind)

  /// The worker gave the job back.
  case handedBack

  /// The job was called off.
  case cancelled
}

extension AttemptOutcome: RawRepresentable {
  /// Reads what ``rawValue`` wrote; nil for anything else.
  public init?(rawValue: String) {
    switch rawValue {
    case "done": self = .done
    case "handed back": self = .handedBack
    case "cancelled": self = .cancelled
    default:
      guard let kind = FailureKind(rawValue: rawValue) else { return nil }
      self = .failed(kind)
    }
  }

  /// The outcome in words, such as `done` or `signal 11`.
  public var rawValue: String {
    switch self {
    case .done: "done"
    case .failed(let kind): kind.rawValue
    case .handedBack: "handed back"
    case .cancelled: "cancelled"
    }
  }
}

/// An attempt that has ended.
public struct AttemptRecord: Hashable, Sendable {
  /// Its number, from 1.
  public var number: Int

  /// The machine that it ran on.
  public var host: String

  /// When it began.
  public var startedAt: Date

  /// When it ended.
  public var endedAt: Date

  /// How it ended.
  public var outcome: AttemptOutcome

  /// One sentence for people; nil when there is nothing to say.
  public var message: String?

  /// Puts a record together.
  ///
  /// - Parameters:
  ///   - number: Its number, from 1.
  ///   - host: The machine that it ran on.
  ///   - startedAt: When it began.
  ///   - endedAt: When it ended.
  ///   - outcome: How it ended.
  ///   - message: One sentence for people.
  public init(
    number: Int, host: String, startedAt: Date, endedAt: Date, outcome: AttemptOutcome,
    message: String? = nil
  ) {
    self.number = number
    self.host = host
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
    self.message = message
  }
}
