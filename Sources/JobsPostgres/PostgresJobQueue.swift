import Foundation
public import Jobs
public import Postgres

/// The queue in PostgreSQL: rows that move from table to table, as `migrations/0003_queue.sql` and
/// `0004_steering.sql` tell.
///
/// ```swift
/// let queue = PostgresJobQueue(pool: pool)
/// let added = try await queue.enqueue(jobs)
/// ```
public struct PostgresJobQueue: JobQueue {
  /// Effects are stored through a connection that is inside of the transaction.
  public typealias Transaction = Connection

  let pool: ConnectionPool
  let policy: RetryPolicy
  let restartGrace: Duration
  let cursors = ClaimCursors()

  /// Uses the queue of a migrated schema; nothing is opened yet.
  ///
  /// - Parameters:
  ///   - pool: Connections to it.
  ///   - policy: What becomes of jobs whose attempt failed.
  ///   - restartGrace: How long after a start of the server nobody's jobs are taken away: leases ran
  ///     out while nobody could renew them.
  public init(
    pool: ConnectionPool, policy: RetryPolicy = RetryPolicy(),
    restartGrace: Duration = .seconds(30)
  ) {
    self.pool = pool
    self.policy = policy
    self.restartGrace = restartGrace
  }

  /// Whether an error means that the database is out of reach for now.
  public func isOutage(_ error: any Error) -> Bool {
    (error as? PostgresError)?.isTransient ?? false
  }

  /// Rings when jobs were queued, retried, handed back or resumed while a claim found too few, on a
  /// connection of its own.
  public func wakeUps() async throws -> AsyncStream<Void> {
    let connection = try await Connection.connect(to: pool.target)
    let schema = try await connection.query(LeaseStatements.schema)[0].decode(
      "schema", as: String.self)
    let (rings, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    try await connection.listen(on: "avu_jobs") { notification in
      if notification.payload == schema { continuation.yield() }
    } end: {
      continuation.finish()
    }
    let listener = UUID()
    let sleeper = cursors.beginListening(listener) { continuation.yield() }
    let cursors = cursors
    continuation.onTermination = { _ in
      Task {
        if cursors.endListening(listener) {
          _ = try? await connection.execute(LeaseStatements.wakeUp, [.uuid(sleeper)])
        }
        await connection.close()
      }
    }
    do {
      try await connection.execute(LeaseStatements.fallAsleep, [.uuid(sleeper)])
    } catch {
      continuation.finish()
      throw error
    }
    cursors.beginSleeping()
    return rings
  }
}

extension Duration {
  /// As seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
