public import Jobs
public import Postgres

// Jobs that wait for others.
extension PostgresJobQueue {
  /// Queues a job that is started when others have ended, in whatever way: those that wait or run
  /// now and match, and what follows from them (``NewJob/follows``). It is started at once when
  /// there are none.
  ///
  /// - Parameters:
  ///   - job: The job; it has a key. A known one is left as it is.
  ///   - filter: The others.
  ///   - transaction: A connection inside of a transaction.
  /// - Returns: Whether it is new.
  /// - Throws: `JobQueueError.invalidJob`; `PostgresError`.
  public func enqueue(
    _ job: NewJob, whenEnded filter: JobFilter, in transaction: Connection
  ) async throws -> Bool {
    guard let key = job.key else {
      throw JobQueueError.invalidJob(
        kind: job.kind, key: nil, reason: "it is to wait for others without a key")
    }
    guard try await enqueue([job], in: transaction) == 1 else { return false }
    _ = try await transaction.query(DependencyStatements.lock)
    _ = try await transaction.query(ArrayStatements.lock, filter.parameters)
    let rows = try await transaction.query(
      DependencyStatements.waitForAll, filter.parameters + [.text(job.kind), .text(key)])
    _ = try await transaction.query(
      DependencyStatements.block, [.ints(try rows.map { try $0.decode("id") })])
    return true
  }

  /// Stores what a job says of itself, as part of the transaction that marks it as done.
  ///
  /// - Parameters:
  ///   - output: JSON text, at most 100,000 bytes.
  ///   - job: The job.
  ///   - transaction: A connection inside of that transaction.
  /// - Throws: `PostgresError`.
  public func record(
    output: String, of job: Int64, in transaction: Connection
  ) async throws {
    try await transaction.execute(
      DependencyStatements.recordOutput, [.int(job), .text(output)])
  }

  /// Connects new jobs with those that they wait for and follow from.
  func link(_ jobs: [NewJob], in transaction: Connection) async throws {
    let waiting = jobs.flatMap { job in job.after.map { (job, $0) } }
    if !waiting.isEmpty {
      let row = try await transaction.query(
        DependencyStatements.waitForSome,
        [
          .texts(waiting.map(\.0.kind)), .texts(waiting.map(\.0.key)),
          .texts(waiting.map(\.1.kind)), .texts(waiting.map(\.1.key)),
        ])[0]
      if let key: String = try row.decodeIfPresent("unknown_key") {
        throw JobQueueError.unknownPrerequisite(
          JobName(kind: try row.decode("unknown_kind"), key: key))
      }
    }
    for (job, followers) in Dictionary(grouping: jobs, by: \.follows) {
      guard let job else { continue }
      let named = followers.filter { $0.key != nil }
      _ = try await transaction.query(
        DependencyStatements.join,
        [.int(job), .texts(named.map(\.kind)), .texts(named.map(\.key))])
    }
  }
}
