public import Jobs
public import Postgres

extension PostgresJobQueue {
  /// As many as go into one statement.
  private static let fewJobs = 500

  /// Queues jobs in a transaction of their own; a hundred thousand take seconds.
  public func enqueue(_ jobs: [NewJob]) async throws -> Int {
    if jobs.count <= Self.fewJobs, !jobs.contains(where: \.isLinked) {
      // One statement is a transaction.
      return try await repeatingConflicts {
        try await pool.withConnection { try await enqueue(jobs, in: $0) }
      }
    }
    return try await pool.withRepeatedTransaction { try await enqueue(jobs, in: $0) }
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
    let added = try await add(jobs, in: transaction)
    if added > 0 { try await link(jobs, in: transaction) }
    return added
  }

  private func add(_ jobs: [NewJob], in transaction: Connection) async throws -> Int {
    if jobs.count <= Self.fewJobs { return try await addFew(jobs, in: transaction) }
    if jobs.allSatisfy({ $0.key == nil && $0.delay <= .zero }) {
      return try await addKeyless(jobs, in: transaction)
    }
    return try await addMany(jobs, in: transaction)
  }

  /// Jobs of one kind, collection and priority.
  private struct Flow: Hashable {
    let kind: String
    let group: String
    let priority: Int

    init(_ job: NewJob) { (kind, group, priority) = (job.kind, job.group, job.priority) }
  }

  /// As many as the server keeps in memory for the trigger that places them.
  private static let copyJobs = 20_000

  /// Jobs without a key are new whatever there is, so they go straight into their table.
  private func addKeyless(_ jobs: [NewJob], in transaction: Connection) async throws -> Int {
    try await transaction.transaction { transaction in
      _ = try await transaction.query(EnqueueStatements.lock, [.integer(jobs.count)])
      let amounts = Dictionary(grouping: jobs, by: Flow.init).mapValues(\.count)
      let flows = Array(amounts.keys)
      let rows = try await transaction.query(
        EnqueueStatements.takeRanks,
        [
          .texts(flows.map(\.kind)), .texts(flows.map(\.group)),
          .ints(flows.map { Int64($0.priority) }), .ints(flows.map { Int64(amounts[$0] ?? 0) }),
        ])
      var places = Dictionary(
        uniqueKeysWithValues: try zip(flows, rows).map { ($0, try FlowPlace($1)) })
      for start in stride(from: 0, to: jobs.count, by: Self.copyJobs) {
        let part = jobs[start..<min(start + Self.copyJobs, jobs.count)].map { job in
          (job: job, place: places[Flow(job), default: FlowPlace()].next())
        }
        try await transaction.copyIn(binary: EnqueueStatements.copyJobs, rows: part) { row, rows in
          rows.beginRow(columns: 6)
          rows.append(row.place.rank)
          rows.append(Int32(row.job.priority))
          rows.append(row.place.group)
          rows.append(row.place.kind)
          rows.append(Int16(row.job.maxErrors))
          rows.append(row.job.payload)
        }
      }
      return jobs.count
    }
  }

  /// Where the next job of a flow goes.
  private struct FlowPlace {
    var kind: Int16 = 0
    var group: Int32 = 0
    var rank: Int64 = 0

    init() {}

    init(_ row: Row) throws {
      kind = Int16(try row.decode("kind_id", as: Int.self))
      group = Int32(try row.decode("group_id", as: Int.self))
      rank = try row.decode("taken")
    }

    mutating func next() -> FlowPlace {
      rank += 1
      return self
    }
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
      let added: Int = try await transaction.query(EnqueueStatements.addIncoming)[0].decode("added")
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

  static func validate(_ job: NewJob) throws(JobQueueError) {
    func refuse(_ reason: String) -> JobQueueError {
      .invalidJob(kind: job.kind, key: job.key, reason: reason)
    }
    if job.kind.isEmpty || job.key?.isEmpty ?? false { throw refuse("its kind or key is empty") }
    if job.key == nil, !job.after.isEmpty { throw refuse("it is to wait for others without a key") }
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
  /// Whether it has to do with other jobs.
  fileprivate var isLinked: Bool { !after.isEmpty || follows != nil }

  /// How long it waits, in seconds; nil when it does not.
  fileprivate var seconds: Double? { delay > .zero ? delay.seconds : nil }
}
