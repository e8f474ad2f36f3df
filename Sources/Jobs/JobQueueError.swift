/// What can go wrong with a queue, apart from the storage below it.
public enum JobQueueError: Error, Hashable, Sendable {
  /// A job that cannot be queued.
  case invalidJob(kind: String, key: String?, reason: String)

  /// The queue holds something that this version does not know.
  case unreadable(what: String, text: String)
}

extension JobQueueError: CustomStringConvertible {
  /// One sentence that says what to do.
  public var description: String {
    switch self {
    case .invalidJob(let kind, let key, let reason):
      "The job \(key.map { "“\($0)” " } ?? "")of kind “\(kind)” cannot be queued: \(reason)."
    case .unreadable(let what, let text):
      "The queue holds the \(what) “\(text)”, which this version of avu does not know; "
        + "use the newest one."
    }
  }
}
