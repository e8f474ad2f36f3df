public import Jobs
import Postgres

extension PostgresJobQueue {
  /// Queues ended jobs once more.
  public func retry(_ filter: JobFilter) async throws -> Int {
    try await pool.withTransaction { transaction in
      let count = try await transaction.execute(EndingStatements.retry, filter.parameters)
      if count > 0 { _ = try await transaction.query(EnqueueStatements.ring) }
      return count
    }
  }

  /// Calls off waiting and running jobs.
  public func cancel(_ filter: JobFilter) async throws -> Int {
    try await pool.withTransaction { transaction in
      var count = 0
      repeat {
        count += try await transaction.execute(EndingStatements.cancel, filter.parameters)
        // What a worker just claimed or gave back is found the next time.
      } while try await !transaction.query(EndingStatements.isCancelled, filter.parameters)[0]
        .decode("is_cancelled")
      return count
    }
  }

  /// Lets no job be claimed.
  public func pause(kind: String?) async throws {
    _ = try await rows(FilterStatements.pause, [.text(kind ?? "")])
  }

  /// Ends a pause.
  public func resume(kind: String?) async throws {
    try await pool.withTransaction { transaction in
      try await transaction.execute(FilterStatements.resume, [kind.map(SQLValue.text)])
      _ = try await transaction.query(EnqueueStatements.ring)
    }
  }
}
