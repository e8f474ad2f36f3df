public import Jobs
import Postgres

// Forgetting what is over. Results are kept elsewhere, and are not touched.
extension PostgresJobQueue {
  /// The shortest time for which an ended job is kept.
  public static let shortestKeep = Duration.seconds(3600)

  /// Deletes ended jobs with their attempts and outputs, some thousands in a transaction, so that
  /// nobody waits for it. Jobs that others wait for are kept.
  ///
  /// Their keys are free then: the same job can be queued again.
  ///
  /// - Parameters:
  ///   - filter: Which ones; jobs that have not ended are left alone.
  ///   - age: How long ago they have ended at least; nil for what the policy of their kind says, which
  ///     is for ever unless set. Not below ``shortestKeep``.
  ///   - isTrial: Whether to count only.
  ///   - progress: Hears how many are gone.
  /// - Returns: How many are gone, or would be.
  /// - Throws: `PostgresError`.
  public func prune(
    _ filter: JobFilter, olderThan age: Duration?, isTrial: Bool = false,
    progress: (Int) -> Void = { _ in }
  ) async throws -> Int {
    let age = age.map { SQLValue.double(max($0, Self.shortestKeep).seconds) }
    if isTrial {
      return try await rows(PruneStatements.count, filter.parameters + [age])[0].decode("count")
    }
    var count = 0
    var last = Int64.min
    while true {
      try Task.checkCancellation()
      let row = try await pool.withRepeatedTransaction { transaction in
        try await transaction.executeScript(PruneStatements.lock)
        return try await transaction.query(
          PruneStatements.prune, filter.parameters + [age, .int(last), 5000])[0]
      }
      guard let reached: Int64 = try row.decodeIfPresent("reached") else { break }
      count += try row.decode("count", as: Int.self)
      last = reached
      progress(count)
    }
    try await pool.withConnection { connection in
      _ = try await connection.execute(
        ArrayStatements.prune,
        [filter.group.map(SQLValue.text), filter.kind.map(SQLValue.text), age])
    }
    return count
  }
}
