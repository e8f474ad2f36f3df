public import Jobs
import Postgres

extension PostgresJobQueue {
  /// How many jobs there are of each collection, kind and state.
  public func counts(finishedWithin window: Duration) async throws -> [JobCount] {
    let rows = try await rows(FilterStatements.counts, [.double(window.seconds)])
    return try rows.map { row in
      let state = try row.state()
      return JobCount(
        group: try row.decode("group_name"), kind: try row.decode("kind"), state: state,
        count: try row.decode("count"), finishedLately: try row.decode("finished_lately"),
        latelySeconds: try row.decode("lately_seconds"))
    }
  }

  /// Jobs in the order they were queued.
  public func list(_ filter: JobFilter, limit: Int, offset: Int) async throws -> JobPage {
    try await pool.withTransaction(.snapshot) { transaction in
      let total = try await transaction.query(
        FilterStatements.count(filter.states), filter.parameters)[0]
      let rows = try await transaction.query(
        FilterStatements.list(filter.states),
        filter.parameters + [.integer(limit), .integer(offset)])
      return JobPage(jobs: try rows.map { try $0.job() }, total: try total.decode("total"))
    }
  }

  /// A job with its attempts, what it waits for and what waits for it, and its output.
  public func show(_ job: Int64) async throws -> JobDetails? {
    try await pool.withTransaction(.snapshot) { transaction in
      guard var details = try await Self.details(of: [job], transaction).first else { return nil }
      details.waitsFor = try await transaction.query(
        FilterStatements.prerequisites, [.int(job)]
      ).map { try $0.job() }
      details.waiters = try await transaction.query(FilterStatements.waiters, [.int(job)]).map {
        JobDetails.Waiter(job: try $0.job(), needsSuccess: try $0.decode("needs_success"))
      }
      details.output = try await transaction.query(FilterStatements.output, [.int(job)])
        .first?.decode("document")
      return details
    }
  }

  /// Several jobs with their attempts.
  public func show(_ jobs: [Int64]) async throws -> [JobDetails] {
    if jobs.isEmpty { return [] }
    return try await pool.withTransaction(.snapshot) { try await Self.details(of: jobs, $0) }
  }

  private static func details(
    of jobs: [Int64], _ transaction: Transaction
  ) async throws -> [JobDetails] {
    let rows = try await transaction.query(FilterStatements.show, [.ints(jobs)])
    var attempts: [Int64: [AttemptRecord]] = [:]
    for row in try await transaction.query(FilterStatements.attempts, [.ints(jobs)]) {
      attempts[try row.decode("job_id"), default: []].append(try row.attempt())
    }
    return try rows.map { row in
      let job = try row.job()
      return JobDetails(job: job, attempts: attempts[job.id] ?? [])
    }
  }

  /// The workers that were heard of within the last two minutes, or whose leases still hold.
  public func workers() async throws -> [WorkerRecord] {
    try await rows(FilterStatements.workers).map { row in
      let identity = WorkerIdentity(
        id: try row.decode("id"), host: try row.decode("host"),
        process: Int32(try row.decode("process", as: Int.self)))
      return WorkerRecord(
        identity: identity, startedAt: try row.decode("started_at"),
        silentSeconds: try row.decode("silent_seconds"), running: try row.decode("running"))
    }
  }

  /// What is paused now.
  public func pauses() async throws -> [Pause] {
    try await rows(FilterStatements.pauses).map { row in
      Pause(scope: try row.scope(), since: try row.decode("since"))
    }
  }

  func rows(_ sql: String, _ parameters: [SQLValue?] = []) async throws -> [Row] {
    try await pool.withConnection { try await $0.query(sql, parameters) }
  }
}

extension JobFilter {
  /// The parameters `$1` to `$5` of ``FilterStatements/matches``.
  var parameters: [SQLValue?] {
    [
      ids.map(SQLValue.ints), states.map { .texts($0.map(\.rawValue)) }, group.map(SQLValue.text),
      kind.map(SQLValue.text), keys.map { .texts($0) },
    ]
  }
}

extension Row {
  fileprivate func state() throws -> JobState {
    try known("state", "state of a job", JobState.init(rawValue:))
  }

  fileprivate func job() throws -> JobRecord {
    let new = NewJob(
      kind: try decode("kind"), key: try decodeIfPresent("key"), payload: try decode("payload"),
      group: try decode("group_name"),
      priority: try decode("priority"), maxErrors: try decode("max_errors"))
    var job = JobRecord(
      id: try decode("id"), job: new, state: try state(), createdAt: try decode("created_at"))
    job.attempts = try decode("attempts")
    job.strikes = Strikes(
      errors: try decode("errors"), deaths: try decode("deaths"),
      interruptions: try decode("interruptions"))
    job.progress = try decodeIfPresent("progress")
    job.notBefore = try decode("not_before")
    job.waitsFor = try decodeIfPresent("waits_for") ?? 0
    job.waitReason = try decodeIfPresent("wait_reason")
    job.prerequisite = try decodeIfPresent("prerequisite")
    if let id: Int64 = try decodeIfPresent("array_id") {
      job.element = ArrayElement(array: id, index: try decode("array_index"))
    }
    job.startedAt = try decodeIfPresent("started_at")
    job.finishedAt = try decodeIfPresent("finished_at")
    job.host = try decodeIfPresent("host")
    if let message: String = try decodeIfPresent("failure_message") {
      job.failure = JobRecord.Failure(
        kind: try known("failure_kind", "kind of failure", FailureKind.init(rawValue:)),
        message: message)
    }
    return job
  }

  fileprivate func attempt() throws -> AttemptRecord {
    AttemptRecord(
      number: try decode("number"), host: try decode("host"), startedAt: try decode("started_at"),
      endedAt: try decode("ended_at"),
      outcome: try known("outcome", "outcome of an attempt", AttemptOutcome.init(rawValue:)),
      message: try decodeIfPresent("message"))
  }

  private func known<Value>(
    _ column: String, _ what: String, _ read: (String) -> Value?
  ) throws -> Value {
    let text: String = try decode(column)
    guard let value = read(text) else { throw JobQueueError.unreadable(what: what, text: text) }
    return value
  }
}
