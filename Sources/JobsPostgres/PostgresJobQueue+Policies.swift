public import Jobs
import Postgres

// Limits and policies; claims and failures mind them from the next one on.
extension PostgresJobQueue {
  /// How many jobs may run, by kind and collection.
  ///
  /// - Throws: `PostgresError`.
  public func limits() async throws -> [JobLimit] {
    try await pool.withConnection { try await Self.limits(on: $0) }
  }

  /// Changes a limit; one that limits nothing any more is dropped.
  ///
  /// - Parameters:
  ///   - scope: The jobs that it is about.
  ///   - change: Changes it.
  /// - Returns: The limit as it is now.
  /// - Throws: What `change` throws; `PostgresError`.
  @discardableResult
  public func changeLimit(
    of scope: JobScope, _ change: @Sendable (inout JobLimit) throws -> Void
  ) async throws -> JobLimit {
    try await pool.withRepeatedTransaction { transaction in
      // Before the limits, as claims do. A lane that is not needed is taken back.
      if let group = scope.group {
        _ = try await transaction.query(PolicyStatements.giveLane, [.text(group)])
      }
      try await transaction.executeScript(PolicyStatements.lock)
      let known = try await Self.limits(on: transaction).first { $0.scope == scope }
      var limit = known ?? JobLimit(scope: scope)
      try change(&limit)
      if limit == known { return limit }
      try await transaction.execute(PolicyStatements.deleteLimit, scope.parameters)
      if limit != JobLimit(scope: scope) {
        try await transaction.execute(
          PolicyStatements.addLimit,
          scope.parameters + [
            limit.maxRunning.map(SQLValue.integer), limit.rate.map { .integer($0.starts) },
            limit.rate.map { .double($0.every.seconds) },
          ])
      }
      // More may be claimed than before.
      _ = try await transaction.query(EnqueueStatements.ring)
      return limit
    }
  }

  /// The policies of kinds, that of all others first.
  ///
  /// - Throws: `PostgresError`.
  public func policies() async throws -> [KindPolicy] {
    try await pool.withConnection { try await Self.policies(on: $0) }
  }

  /// Changes the policy of a kind; one that says nothing any more is dropped.
  ///
  /// - Parameters:
  ///   - kind: The kind; nil for all that have no policy of their own.
  ///   - change: Changes it.
  /// - Returns: The policy as it is now.
  /// - Throws: What `change` throws; `PostgresError`.
  @discardableResult
  public func changePolicy(
    of kind: String?, _ change: @Sendable (inout KindPolicy) throws -> Void
  ) async throws -> KindPolicy {
    try await pool.withRepeatedTransaction { transaction in
      try await transaction.executeScript(PolicyStatements.lock)
      let known = try await Self.policies(on: transaction).first { $0.kind == kind }
      var policy = known ?? KindPolicy(kind: kind)
      try change(&policy)
      try await transaction.execute(PolicyStatements.deletePolicy, [.text(kind ?? "")])
      if !policy.isEmpty {
        try await transaction.execute(PolicyStatements.addPolicy, policy.parameters)
      }
      return policy
    }
  }

  private static func limits(on connection: Connection) async throws -> [JobLimit] {
    try await connection.query(PolicyStatements.limits).map { row in
      let starts: Int? = try row.decodeIfPresent("starts")
      return JobLimit(
        scope: try row.scope(), maxRunning: try row.decodeIfPresent("max_running"),
        rate: try starts.map {
          JobLimit.Rate(starts: $0, every: .seconds(try row.decode("every", as: Double.self)))
        })
    }
  }

  private static func policies(on connection: Connection) async throws -> [KindPolicy] {
    try await connection.query(PolicyStatements.policies).map { row in
      let kind: String = try row.decode("kind")
      var policy = KindPolicy(kind: kind.isEmpty ? nil : kind)
      try policy.readRetries(of: row)
      policy.maxErrors = try row.decodeIfPresent("max_errors")
      policy.timeLimit = try row.duration("time_limit")
      policy.keep = try row.duration("keep")
      return policy
    }
  }
}

extension KindPolicy {
  /// Takes what ``PolicyStatements/retries`` reads.
  mutating func readRetries(of row: Row) throws {
    maxDeaths = try row.decodeIfPresent("max_deaths")
    maxInterruptions = try row.decodeIfPresent("max_interruptions")
    firstPause = try row.duration("first_pause")
    growth = try row.decodeIfPresent("growth")
    longestPause = try row.duration("longest_pause")
    jitter = try row.decodeIfPresent("jitter")
  }

  /// The parameters of ``PolicyStatements/addPolicy``.
  fileprivate var parameters: [SQLValue?] {
    func seconds(_ duration: Duration?) -> SQLValue? { duration.map { .double($0.seconds) } }
    return [
      .text(kind ?? ""), maxErrors.map(SQLValue.integer), maxDeaths.map(SQLValue.integer),
      maxInterruptions.map(SQLValue.integer), seconds(firstPause), growth.map(SQLValue.double),
      seconds(longestPause), jitter.map(SQLValue.double), seconds(timeLimit), seconds(keep),
    ]
  }
}

extension JobScope {
  /// The names as `$1` and `$2`: empty for all.
  var parameters: [SQLValue?] { [.text(kind ?? ""), .text(group ?? "")] }
}

extension Row {
  /// The columns `kind` and `group_name`.
  func scope() throws -> JobScope {
    let kind: String = try decode("kind")
    let group: String = try decode("group_name")
    return JobScope(kind: kind.isEmpty ? nil : kind, group: group.isEmpty ? nil : group)
  }

  /// A number of seconds.
  func duration(_ column: String) throws -> Duration? {
    try decodeIfPresent(column, as: Double.self).map(Duration.seconds)
  }
}
