/// What can go wrong with a queue, apart from the storage below it.
public enum JobQueueError: Error, Hashable, Sendable {
  /// A job that cannot be queued.
  case invalidJob(kind: String, key: String?, reason: String)

  /// A priority that does not fit into 32 bits.
  case invalidPriority(Int)

  /// A job is to wait for one that is not known.
  case unknownPrerequisite(JobName)

  /// The schema was changed by a newer program while this one worked.
  case newerSchema(found: Int, known: Int)

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
    case .unknownPrerequisite(let job):
      "There is no job “\(job.key)” of kind “\(job.kind)” to wait for; queue it first."
    case .newerSchema(let found, let known):
      "The database has been brought to version \(found) by a newer avu, and this one knows "
        + "version \(known); install the new one on this machine and start again."
    case .unreadable(let what, let text):
      "The queue holds the \(what) “\(text)”, which this version of avu does not know; "
        + "use the newest one."
    }
  }
}
