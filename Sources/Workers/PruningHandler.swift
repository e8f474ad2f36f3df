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

  /// Chooses the queue.
  ///
  /// - Parameter prune: Forgets jobs of a filter that ended so long ago, or as long as their policy
  ///   says; returns how many.
  package init(prune: @escaping @Sendable (JobFilter, Duration?) async throws -> Int) {
    self.prune = prune
  }

  /// Forgets them. What was forgotten stays so when the attempt is lost, and the next takes the rest.
  package func run(
    _ job: ClaimedJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> (@Sendable (Connection) async throws -> Void)? {
    let payload = try JobPayload.decode(PruningPayload.self, of: job)
    _ = try await prune(
      JobFilter(states: [.done, .cancelled]), payload.olderThan.map { .seconds($0) })
    return nil
  }
}
