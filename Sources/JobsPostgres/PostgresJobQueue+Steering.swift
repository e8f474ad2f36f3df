public import struct Foundation.Date
public import Jobs
import Postgres

extension PostgresJobQueue {
  /// Queues ended jobs once more.
  public func retry(_ filter: JobFilter) async throws -> Int {
    try await pool.withRepeatedTransaction { transaction in
      // First, as all do: whoever just begins to wait for one of these is seen then.
      _ = try await transaction.query(DependencyStatements.lock)
      let count =
        try await transaction.execute(SteeringStatements.retry, filter.parameters)
        + Self.changeArrays(ArrayStatements.retry, filter, in: .cancelled, on: transaction)
      if count > 0 {
        _ = try await transaction.query(SteeringStatements.holdRetried)
        _ = try await transaction.query(EnqueueStatements.ring)
      }
      return count
    }
  }

  /// Calls off waiting and running jobs.
  public func cancel(_ filter: JobFilter) async throws -> Int {
    try await pool.withRepeatedTransaction { transaction in
      // First what is no job yet, so that it does not become one meanwhile.
      let rest = try await Self.changeArrays(
        ArrayStatements.cancel, filter, in: .waiting, on: transaction)
      let count = try await Self.repeating(
        until: SteeringStatements.isCancelled, filter.parameters, on: transaction
      ) {
        try await transaction.execute(SteeringStatements.cancel, filter.parameters)
      }
      if count > 0 { _ = try await transaction.query(SteeringStatements.releaseAll) }
      return count + rest
    }
  }

  /// Moves waiting jobs to the end of their collection's jobs of that priority.
  public func prioritize(_ filter: JobFilter, priority: Int) async throws -> Int {
    guard Int32(exactly: priority) ?? .min > .min else {
      throw JobQueueError.invalidPriority(priority)
    }
    let parameters = filter.parameters + [.integer(priority)]
    return try await pool.withRepeatedTransaction { transaction in
      let rest = try await Self.changeArrays(
        ArrayStatements.prioritize, filter, in: .waiting, [.integer(priority)], on: transaction)
      let count = try await Self.repeating(
        until: SteeringStatements.isPrioritized, parameters, on: transaction
      ) {
        try await transaction.query(SteeringStatements.prioritize, parameters)[0].decode("changed")
      }
      if count > 0 { try await moved(on: transaction) }
      return count + rest
    }
  }

  /// Moves waiting jobs to those that wait for their time.
  public func postpone(_ filter: JobFilter, by delay: Duration) async throws -> Int {
    try await pool.withRepeatedTransaction { transaction in
      let moment: String = try await transaction.query(
        SteeringStatements.moment, [.double(delay.seconds)])[0].decode("moment")
      let parameters = filter.parameters + [.text(moment)]
      let rest = try await Self.changeArrays(
        ArrayStatements.postpone, filter, in: .waiting, [.text(moment)], on: transaction)
      let count = try await Self.repeating(
        until: SteeringStatements.isPostponed, parameters, on: transaction
      ) {
        try await transaction.query(SteeringStatements.postpone, parameters)[0].decode("changed")
      }
      if count > 0 { try await moved(on: transaction) }
      return count + rest
    }
  }

  /// How long it is until a moment by the database's clock; zero when it has passed.
  ///
  /// - Throws: `PostgresError`.
  public func delay(until moment: Date) async throws -> Duration {
    .seconds(
      try await rows(SteeringStatements.secondsUntil, [.date(moment)])[0].decode(
        "seconds", as: Double.self))
  }

  /// Jobs may now stand before the place where the next claim begins.
  private func moved(on transaction: Connection) async throws {
    cursors.rewind()
    _ = try await transaction.query(EnqueueStatements.ring)
  }

  /// Changes what matches until nothing is left: what a worker just claimed or gave back is found
  /// the next time.
  private static func repeating(
    until test: String, _ parameters: [SQLValue?], on transaction: Connection,
    _ change: () async throws -> Int
  ) async throws -> Int {
    var count = 0
    repeat {
      count += try await change()
    } while try await !transaction.query(test, parameters)[0].decode("is_done")
    return count
  }

  /// Lets no job be claimed.
  public func pause(_ scope: JobScope) async throws {
    try await pool.withRepeatedTransaction { transaction in
      if let group = scope.group {
        _ = try await transaction.query(PolicyStatements.giveLane, [.text(group)])
      }
      try await transaction.execute(FilterStatements.pause, scope.parameters)
    }
  }

  /// Ends a pause.
  public func resume(_ scope: JobScope) async throws {
    try await pool.withRepeatedTransaction { transaction in
      try await transaction.execute(
        FilterStatements.resume, scope.parameters + [.bool(scope == .everything)])
      _ = try await transaction.query(EnqueueStatements.ring)
    }
  }
}
