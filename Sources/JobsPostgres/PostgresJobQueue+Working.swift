import Foundation
public import Jobs
public import Postgres

extension PostgresJobQueue {
  /// Takes jobs in one statement, past those that others are just taking.
  public func claim(
    kinds: [String], limit: Int, by worker: WorkerIdentity, for lease: Duration
  ) async throws -> [ClaimedJob] {
    let token = Int64.random(in: .min ... .max)
    let start = places.start(of: kinds, limit: limit)
    let rows = try await pool.withConnection { connection in
      try await connection.query(
        LeaseStatements.claim,
        [
          .texts(kinds), .numbers(start.places.map { $0?.urgency }),
          .numbers(start.places.map { $0?.rank }), .numbers(start.places.map { $0?.job }),
          .integer(limit), .int(token), .uuid(worker.id), .text(worker.host),
          .double(lease.seconds), .bool(start.promotes), .bool(start.advances),
          places.sleeper.map(SQLValue.uuid), true,
        ])
    }
    // The order of rows that a statement with changes returns is nobody's promise.
    let found = try rows.map { row in
      (place: try ClaimPlace(row), job: try Self.job(row, token))
    }.sorted { $0.place < $1.place }
    places.note(found.map { ($0.job.kind, $0.place) }, limit: limit)
    return found.map(\.job)
  }

  private static func job(_ row: Row, _ token: Int64) throws -> ClaimedJob {
    ClaimedJob(
      lease: Lease(job: try row.decode("id"), token: token), kind: try row.decode("kind"),
      key: try row.decode("key"), group: try row.decode("group_name"),
      payload: try row.decode("payload"), attempt: try row.decode("attempts"))
  }

  /// Renews the leases in one statement; never waits for a job that is just being ended.
  public func heartbeat(
    _ worker: WorkerIdentity, holding leases: [Lease: Double], for lease: Duration
  ) async throws -> HeartbeatReply {
    let held = leases.sorted { $0.key.job < $1.key.job }
    let rows = try await pool.withConnection { connection in
      try await connection.query(
        LeaseStatements.heartbeat,
        [
          .uuid(worker.id), .text(worker.host), .integer(worker.process),
          .ints(held.map(\.key.job)), .ints(held.map(\.key.token)),
          .texts(held.map { String($0.value) }), .double(lease.seconds),
        ])
    }
    let paused = try JSONDecoder().decode(
      [String].self, from: Data(rows[0].decode("paused", as: String.self).utf8))
    var reply = HeartbeatReply(paused: Set(paused.map { $0.isEmpty ? nil : $0 }))
    for row in rows {
      guard let job = try row.decodeIfPresent("job", as: Int64.self) else { continue }
      let lease = Lease(job: job, token: try row.decode("token"))
      if try row.decode("is_cancelled") {
        reply.cancelled.insert(lease)
      } else {
        reply.lost.insert(lease)
      }
    }
    return reply
  }

  /// Marks the job as done and stores the effects in one transaction.
  public func finish(
    _ lease: Lease, effects: @Sendable (Connection) async throws -> Void
  ) async throws -> Bool {
    try await pool.withTransaction { transaction in
      // First the job: whoever lost it need not store anything.
      let held = try await transaction.query(
        EndingStatements.finish, [.ints([lease.job]), .ints([lease.token])])
      if held.isEmpty {
        // Unless it was this attempt that ended it, and only the answer was lost.
        return try await transaction.query(
          EndingStatements.isDone, [.int(lease.job), .int(lease.token)])[0].decode("is_done")
      }
      try await effects(transaction)
      return true
    }
  }

  /// Decides what becomes of the job, and writes it down.
  public func fail(_ lease: Lease, _ failure: JobFailure) async throws -> JobState? {
    try await pool.withTransaction { transaction in
      let rows = try await transaction.query(
        EndingStatements.lockHeld, [.int(lease.job), .int(lease.token)])
      guard let row = rows.first else { return nil }
      let ending = try Ending(lease, failure, row, policy)
      return try await ending.write(on: transaction) ? ending.state : nil
    }
  }

  /// Lets the jobs wait again, where they were in the order.
  public func handBack(_ leases: [Lease]) async throws {
    try await pool.withTransaction { transaction in
      let endings = leases.map { Ending($0, .waiting, .handedBack) }
      guard try await !Ending.write(endings, on: transaction).isEmpty else { return }
      places.forget()
      _ = try await transaction.query(EnqueueStatements.ring)
    }
  }

  /// Ends up to 500 attempts whose lease ran out; several workers may try at once.
  public func rescueExpired() async throws -> Int {
    try await pool.withTransaction { transaction in
      try await transaction.execute(LeaseStatements.forgetWorkers)
      try await transaction.execute(LeaseStatements.forgetSleepers)
      let rows = try await transaction.query(
        LeaseStatements.expired, [.double(restartGrace.seconds), 500])
      let endings = try rows.map { row in
        let lease = Lease(job: try row.decode("job_id"), token: try row.decode("token"))
        let failure = JobFailure(
          message:
            "Nothing was heard any more of the worker on \(try row.decode("host") as String).",
          kind: .lost)
        return try Ending(lease, failure, row, policy)
      }
      return try await Ending.write(endings, on: transaction).count
    }
  }

  /// Forgets a worker that ends.
  public func leave(_ worker: WorkerIdentity) async throws {
    try await pool.withConnection { connection in
      _ = try await connection.execute(LeaseStatements.forgetWorker, [.uuid(worker.id)])
    }
  }

  /// Whether no job of these kinds waits or runs.
  public func isDrained(kinds: [String]) async throws -> Bool {
    try await pool.withConnection { connection in
      try await connection.query(LeaseStatements.isDrained, [.texts(kinds)])[0].decode("is_drained")
    }
  }
}
