package import Jobs
package import Postgres

/// What a job carries that forgets others.
package struct PruningPayload: Codable, Hashable, Sendable {
  /// Seconds since they ended at least; nil for what the policy of their kind says.
  package var olderThan: Double?

  /// Says which jobs are forgotten.
  package init(olderThan: Duration?) { self.olderThan = olderThan.map { $0 / .seconds(1) } }

  private enum CodingKeys: String, CodingKey {
    case olderThan = "older_than"
  }
}

/// Forgets done and cancelled jobs that ended long ago.
package struct PruningHandler: JobHandler {
  private let prune: @Sendable (JobFilter, Duration?) async throws -> Int
  private let record: @Sendable (String, Int64, Connection) async throws -> Void

  /// Chooses the queue.
  ///
  /// - Parameters:
  ///   - prune: Forgets jobs of a filter that ended so long ago, or as long as their policy says;
  ///     returns how many.
  ///   - record: Stores what a job says of itself.
  package init(
    prune: @escaping @Sendable (JobFilter, Duration?) async throws -> Int,
    record: @escaping @Sendable (String, Int64, Connection) async throws -> Void
  ) {
    self.prune = prune
    self.record = record
  }

  /// Forgets them. What was forgotten stays so when the attempt is lost, and the next takes the rest.
  package func run(
    _ job: ClaimedJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> (@Sendable (Connection) async throws -> Void)? {
    let payload = try JobPayload.decode(PruningPayload.self, of: job)
    let count = try await prune(
      JobFilter(states: [.done, .cancelled]), payload.olderThan.map { .seconds($0) })
    return { [record] in try await record(#"{"forgotten": \#(count)}"#, job.lease.job, $0) }
  }
}
