/// What can go wrong with a queue, apart from the storage below it.
public enum JobQueueError: Error, Hashable, Sendable {
  /// A job that cannot be queued.
  case invalidJob(kind: String, key: String?, reason: String)

  /// A priority that does not fit into 32 bits.
  case invalidPriority(Int)

  /// The queue holds something that this version does not know.
  case unreadable(what: String, text: String)
}

extension JobQueueError: CustomStringConvertible {
  /// One sentence that says what to do.
  public var description: String {
    switch self {
    case .invalidJob(let kind, let key, let reason):
      "The job \(key.map { "“\($0)” " } ?? "")of kind “\(kind)” cannot be queued: \(reason)."
    case .invalidPriority(let priority):
      "The priority \(priority) is out of range; take one from -2147483647 to 2147483647."
    case .unreadable(let what, let text):
      "The queue holds the \(what) “\(text)”, which this version of avu does not know; "
        + "use the newest one."
    }
  }
}
