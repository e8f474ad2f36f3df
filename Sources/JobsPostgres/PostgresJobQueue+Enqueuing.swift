public import Jobs
public import Postgres

extension PostgresJobQueue {
  /// As many as go into one statement.
  private static let fewJobs = 500

  /// Queues jobs in a transaction of their own; a hundred thousand take seconds.
  public func enqueue(_ jobs: [NewJob]) async throws -> Int {
    if jobs.count <= Self.fewJobs {
      // One statement is a transaction.
      return try await pool.withConnection { try await enqueue(jobs, in: $0) }
    }
    return try await pool.withTransaction { try await enqueue(jobs, in: $0) }
  }

  /// Queues jobs as part of a transaction: they exist when it is committed.
  ///
  /// - Parameters:
  ///   - jobs: The jobs; known keys are left as they are.
  ///   - transaction: A connection inside of a transaction.
  /// - Returns: How many were new.
  /// - Throws: `JobQueueError.invalidJob`; `PostgresError`.
  public func enqueue(_ jobs: [NewJob], in transaction: Connection) async throws -> Int {
    for job in jobs { try Self.validate(job) }
    if jobs.isEmpty { return 0 }
    if jobs.count <= Self.fewJobs { return try await addFew(jobs, in: transaction) }
    return try await addMany(jobs, in: transaction)
  }

  private func addMany(_ jobs: [NewJob], in transaction: Connection) async throws -> Int {
    try await transaction.transaction { transaction in
      _ = try await transaction.query(EnqueueStatements.lock, [.integer(jobs.count)])
      try await transaction.executeScript(EnqueueStatements.createIncoming)
      try await transaction.copyIn(
        EnqueueStatements.copyIncoming,
        rows: jobs.enumerated().lazy.map { place, job in
          [
            String(place), job.kind, job.key, job.payload, job.group, String(job.priority),
            String(job.maxErrors), job.seconds.map { String($0) },
          ]
        })
      let added = try await transaction.execute(EnqueueStatements.addIncoming)
      try await transaction.executeScript(EnqueueStatements.dropIncoming)
      return added
    }
  }

  private func addFew(_ jobs: [NewJob], in transaction: Connection) async throws -> Int {
    try await transaction.query(
      EnqueueStatements.addFew,
      [
        .texts(jobs.map(\.kind)), .texts(jobs.map(\.key)), .texts(jobs.map(\.payload)),
        .texts(jobs.map(\.group)), .ints(jobs.map { Int64($0.priority) }),
        .ints(jobs.map { Int64($0.maxErrors) }),
        .texts(jobs.map { $0.seconds.map { String($0) } }),
      ])[0].decode("added")
  }

  private static func validate(_ job: NewJob) throws(JobQueueError) {
    func refuse(_ reason: String) -> JobQueueError {
      .invalidJob(kind: job.kind, key: job.key, reason: reason)
    }
    if job.kind.isEmpty || job.key?.isEmpty ?? false { throw refuse("its kind or key is empty") }
    if job.key?.utf8.count ?? 0 > 2000 { throw refuse("its key is longer than 2000 bytes") }
    guard let priority = Int32(exactly: job.priority), priority > .min,
      Int16(exactly: job.maxErrors) != nil
    else {
      throw refuse("its priority or number of errors is out of range")
    }
    if [job.kind, job.key ?? "", job.payload, job.group].contains(where: { $0.utf8.contains(0) }) {
      throw refuse("a text of it contains the character U+0000")
    }
  }
}

extension NewJob {
  /// How long it waits, in seconds; nil when it does not.
  fileprivate var seconds: Double? { delay > .zero ? delay.seconds : nil }
}
