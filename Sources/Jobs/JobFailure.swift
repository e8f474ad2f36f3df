/// Why an attempt came to no result.
public struct JobFailure: Error, Hashable, Sendable {
  /// One sentence for people.
  public var message: String

  /// What happened.
  public var kind: FailureKind

  /// Whether trying again is useless.
  public var isPermanent: Bool

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - message: One sentence for people.
  ///   - kind: What happened.
  ///   - isPermanent: Whether trying again is useless.
  public init(message: String, kind: FailureKind = .error, isPermanent: Bool = false) {
    self.message = message
    self.kind = kind
    self.isPermanent = isPermanent
  }
}

extension JobFailure: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}

/// How an attempt failed: with an error that the handler reported, or by the death of the process
/// that worked on it.
public enum FailureKind: Hashable, Sendable {
  /// The handler reported an error.
  case error

  /// The process ended by itself with a status.
  case exit(Int32)

  /// The process was ended by a signal.
  case signal(Int32)

  /// The process was ended because the machine had no memory left.
  case outOfMemory

  /// The process made no progress and was ended.
  case timeout

  /// The lease ran out: nobody heard of the worker any more.
  case lost

  /// Who is to blame, which decides how often it is tried again.
  public var blame: Blame {
    switch self {
    case .error: .handler
    case .exit, .outOfMemory, .timeout: .job
    // SIGHUP, SIGINT, SIGKILL, SIGTERM: what people and operating systems send.
    case .signal(let number): [1, 2, 9, 15].contains(number) ? .outside : .job
    case .lost: .outside
    }
  }

  /// Who is to blame for a failure.
  public enum Blame: Sendable {
    /// The handler worked and said no: an error.
    case handler

    /// The job brought its process down: a death of its own.
    case job

    /// Most likely something else ended the process: a person, a reboot, a lost network.
    case outside
  }
}

extension FailureKind: RawRepresentable {
  /// Reads what ``rawValue`` wrote; nil for anything else.
  public init?(rawValue: String) {
    let words = rawValue.split(separator: " ")
    switch (rawValue, words.last.flatMap { Int32($0) }) {
    case ("error", _): self = .error
    case ("out of memory", _): self = .outOfMemory
    case ("timeout", _): self = .timeout
    case ("lost", _): self = .lost
    case (_, let number?) where words.count == 2 && words[0] == "exit": self = .exit(number)
    case (_, let number?) where words.count == 2 && words[0] == "signal": self = .signal(number)
    default: return nil
    }
  }

  /// The kind in words, such as `signal 11`.
  public var rawValue: String {
    switch self {
    case .error: "error"
    case .exit(let status): "exit \(status)"
    case .signal(let number): "signal \(number)"
    case .outOfMemory: "out of memory"
    case .timeout: "timeout"
    case .lost: "lost"
    }
  }
}
