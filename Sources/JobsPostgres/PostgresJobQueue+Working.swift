import Foundation
public import Jobs
public import Postgres

extension PostgresJobQueue {
  /// Takes jobs in one statement, past those that others are just taking.
  public func claim(
    kinds: [String], limit: Int, by worker: WorkerIdentity, for lease: Duration
  ) async throws -> [ClaimedJob] {
    try await finish([], claiming: kinds, limit: limit, by: worker, for: lease).claimed
  }

  /// Marks jobs as done and takes others: one commit and one round trip for both, by a pipeline.
  public func finish(
    _ leases: [Lease], claiming kinds: [String], limit: Int, by worker: WorkerIdentity,
    for lease: Duration
  ) async throws -> (done: Set<Lease>, claimed: [ClaimedJob]) {
    try await handBackUnanswered()
    // Whoever claims nothing does not do for others what a claim does now and then.
    let start = limit > 0 ? cursors.start(of: kinds) : ClaimCursors.Start(none: kinds)
    var (done, claimed) = try await finishAndClaim(
      leases, claiming: kinds, from: start, limit: limit, by: worker, for: lease)
    guard claimed.count < limit, start.skipsAhead || claimed.isEmpty && !start.promotes else {
      return (done, claimed)
    }
    do {
      claimed += try await finishAndClaim(
        [], claiming: kinds, from: cursors.start(of: kinds), limit: limit - claimed.count,
        by: worker, for: lease
      ).claimed
    } catch  where isOutage(error) {
      // The first part has happened.
    }
    return (done, claimed)
  }

  private func finishAndClaim(
    _ leases: [Lease], claiming kinds: [String], from start: ClaimCursors.Start, limit: Int,
    by worker: WorkerIdentity, for lease: Duration
  ) async throws -> (done: Set<Lease>, claimed: [ClaimedJob]) {
    let token = Int64.random(in: .min ... .max)
    let isAlone = leases.isEmpty
    let claim = claim(kinds, start, limit, token, worker, lease, isAlone: isAlone)
    let statements = isAlone ? [claim] : [Self.finish(leases)] + (limit > 0 ? [claim] : [])
    do {
      let answers = try await repeatingConflicts {
        try await pool.withConnection { try await $0.pipeline(statements) }
      }
      let done = isAlone ? [] : try await done(of: leases, answers[0])
      let claimed =
        limit > 0 ? try claimedJobs(in: answers[answers.count - 1], token, limit: limit) : []
      return (done, claimed)
    } catch  where isOutage(error) {
      // Whether it happened is not known: jobs may be held under a token that nobody else knows.
      if limit > 0 { cursors.noteUnanswered(token) }
      throw error
    }
  }

  private typealias Statement = (sql: String, parameters: [SQLValue?])

  private func claim(
    _ kinds: [String], _ start: ClaimCursors.Start, _ limit: Int, _ token: Int64,
    _ worker: WorkerIdentity, _ lease: Duration, isAlone: Bool
  ) -> Statement {
    (
      LeaseStatements.claim,
      [
        .texts(kinds), .numbers(start.positions.map { $0?.urgency }),
        .numbers(start.positions.map { $0?.rank }), .numbers(start.positions.map { $0?.job }),
        .integer(limit), .int(token), .uuid(worker.id), .text(worker.host),
        .double(lease.seconds), .bool(start.promotes), .bool(start.advances),
        cursors.sleeper.map(SQLValue.uuid), .bool(isAlone),
      ]
    )
  }

  /// Whoever ends several jobs takes them in the same order, so that nobody waits in a circle.
  private static func finish(_ leases: [Lease]) -> Statement {
    let sorted = leases.sorted { $0.job < $1.job }
    return (EndingStatements.finish, [.ints(sorted.map(\.job)), .ints(sorted.map(\.token))])
  }

  /// The attempts that are done: those that just ended, and those that had before, when only the
  /// answer was lost.
  private func done(of leases: [Lease], _ ended: [Row]) async throws -> Set<Lease> {
    let jobs = Set(try ended.map { try $0.decode(0, as: Int64.self) })
    let left = leases.filter { !jobs.contains($0.job) }
    let done = Set(leases).subtracting(left)
    if left.isEmpty { return done }
    return done.union(try await pool.withConnection { try await Self.done(left, on: $0) })
  }

  /// Those of the attempts that ended as done, whenever that was.
  private static func done(_ leases: [Lease], on connection: Connection) async throws -> Set<Lease>
  {
    let rows = try await connection.query(
      EndingStatements.done, [.ints(leases.map(\.job)), .ints(leases.map(\.token))])
    return Set(
      try rows.map { Lease(job: try $0.decode("job"), token: try $0.decode("token")) })
  }

  private func claimedJobs(in rows: [Row], _ token: Int64, limit: Int) throws -> [ClaimedJob] {
    // The order of rows that a statement with changes returns is nobody's promise.
    let found = try rows.map { row in
      (position: try QueuePosition(row), job: try Self.job(row, token))
    }.sorted { $0.position < $1.position }
    cursors.advance(past: found.map { ($0.job.kind, $0.position) }, limit: limit)
    return found.map(\.job)
  }

  /// Gives back what was claimed when the answer got lost; the lease would run out otherwise.
  private func handBackUnanswered() async throws {
    let tokens = cursors.unanswered
    guard !tokens.isEmpty else { return }
    let leases = try await rows(LeaseStatements.held, [.ints(tokens)]).map {
      Lease(job: try $0.decode("job_id"), token: try $0.decode("token"))
    }
    if !leases.isEmpty { try await handBack(leases) }
    cursors.forgetUnanswered(tokens)
  }

  private static func job(_ row: Row, _ token: Int64) throws -> ClaimedJob {
    ClaimedJob(
      lease: Lease(job: try row.decode("id"), token: token), kind: try row.decode("kind"),
      key: try row.decode("key"), group: try row.decode("group_name"),
      payload: try row.decode("payload"), attempt: try row.decode("attempts"),
      priority: -(try row.decode("urgency", as: Int.self)),
      timeLimit: try row.duration("time_limit"))
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
    var reply = HeartbeatReply(
      paused: Set(paused.map { $0.isEmpty ? nil : $0 }), pace: try rows[0].duration("pace"))
    reply.schemaVersion = try rows[0].decodeIfPresent("schema_version")
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
        EndingStatements.finishFirst, [.ints([lease.job]), .ints([lease.token])])
      if held.isEmpty {
        // Unless it was this attempt that ended it, and only the answer was lost.
        return try await !Self.done([lease], on: transaction).isEmpty
      }
      try await effects(transaction)
      if try held[0].decode("has_dependents", as: Bool.self) {
        _ = try await transaction.query(EndingStatements.release, [.ints([lease.job])])
      }
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

  /// Lets the job wait, as if the attempt had not been.
  public func snooze(
    _ lease: Lease, for delay: Duration, because reason: String
  ) async throws -> Bool {
    try await pool.withConnection { connection in
      try await connection.execute(
        EndingStatements.snooze,
        [
          .int(lease.job), .int(lease.token), .double(delay.seconds),
          .text(Ending.storable(reason, longest: 1000)),
        ]) == 1
    }
  }

  /// Lets the jobs wait again, where they were in the order.
  public func handBack(_ leases: [Lease]) async throws {
    try await pool.withTransaction { transaction in
      let endings = leases.map { Ending($0, .waiting, .handedBack) }
      guard try await !Ending.write(endings, on: transaction).isEmpty else { return }
      cursors.rewind()
      _ = try await transaction.query(EnqueueStatements.ring)
    }
  }

  /// Ends up to 500 attempts whose lease ran out; several workers may try at once.
  public func rescueExpired() async throws -> Int {
    let tidied = try await rows(LeaseStatements.tidy, [])
    guard try tidied[0].decode("is_expired") else { return 0 }
    return try await pool.withTransaction { transaction in
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
