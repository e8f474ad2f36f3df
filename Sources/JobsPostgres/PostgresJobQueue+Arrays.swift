public import Jobs
public import Postgres

// Arrays of jobs. Their elements become ordinary jobs when claims come to them.
extension PostgresJobQueue {
  /// As many elements as become jobs together, and as many inputs as are kept in a row.
  private static let part = 1000

  /// Queues an array as part of a transaction.
  ///
  /// - Parameters:
  ///   - array: The array; a known key is left as it is.
  ///   - other: An array of the same size, queued in the same transaction: each element waits until
  ///     that of the same number is done.
  ///   - transaction: A connection inside of a transaction.
  /// - Returns: Its number; nil when its key is known.
  /// - Throws: `JobQueueError.invalidJob`; `PostgresError`, also when `other` does not fit, or a text
  ///   is no JSON object.
  public func enqueue(
    _ array: NewJobArray, after other: Int64? = nil, in transaction: Connection
  ) async throws -> Int64? {
    var sample = NewJob(
      kind: array.kind, key: array.key, payload: array.payload, group: array.group)
    (sample.priority, sample.maxErrors) = (array.priority, array.maxErrors)
    try Self.validate(sample)
    guard array.size <= Int32.max else {
      throw JobQueueError.invalidJob(
        kind: array.kind, key: array.key, reason: "an array has at most \(Int32.max) elements")
    }
    return try await transaction.transaction { transaction in
      let row = try await transaction.query(
        ArrayStatements.enqueue,
        [
          .text(array.kind), array.key.map(SQLValue.text), .text(array.payload),
          .text(array.group), .integer(array.size), .integer(array.priority),
          .integer(array.maxErrors),
          array.delay > .zero ? .double(array.delay.seconds) : nil, other.map(SQLValue.int),
        ])[0]
      guard let id: Int64 = try row.decodeIfPresent("id") else { return nil }
      try await addInputs(array.inputs ?? [], to: id, in: transaction)
      return id
    }
  }

  /// Queues an array in a transaction of its own.
  ///
  /// - Returns: Its number; nil when its key is known.
  /// - Throws: As ``enqueue(_:after:in:)``.
  public func enqueue(_ array: NewJobArray) async throws -> Int64? {
    try await pool.withRepeatedTransaction { try await enqueue(array, in: $0) }
  }

  private func addInputs(
    _ inputs: [String], to id: Int64, in transaction: Connection
  ) async throws {
    let parts = stride(from: 0, to: inputs.count, by: Self.part).map { start in
      "[" + inputs[start..<min(start + Self.part, inputs.count)].joined(separator: ",") + "]"
    }
    // Pieces keep one statement's parameters in the megabytes.
    for start in stride(from: 0, to: parts.count, by: 20) {
      let piece = start..<min(start + 20, parts.count)
      try await transaction.execute(
        ArrayStatements.addInputs,
        [.int(id), .ints(piece.map { Int64($0) }), .texts(Array(parts[piece]))])
    }
  }

  /// Arrays in the order they were queued.
  ///
  /// - Parameters:
  ///   - ids: Their numbers; nil for all.
  ///   - scope: Their kind and collection.
  /// - Returns: The arrays, each with how many elements are in each state.
  /// - Throws: `PostgresError`.
  public func arrays(
    _ ids: [Int64]? = nil, of scope: JobScope = .everything
  ) async throws -> [JobArrayRecord] {
    try await rows(
      ArrayStatements.list,
      [ids.map(SQLValue.ints), scope.group.map(SQLValue.text), scope.kind.map(SQLValue.text)]
    ).map { try $0.array() }
  }

  /// The jobs of an array.
  ///
  /// - Parameters:
  ///   - array: The array's number.
  ///   - indices: Which elements, from 0; nil for all that are jobs.
  /// - Returns: The jobs' numbers, in the order of the elements.
  /// - Throws: `PostgresError`.
  public func jobs(ofArray array: Int64, indices: [Int]? = nil) async throws -> [Int64] {
    try await rows(
      ArrayStatements.jobs, [.int(array), indices.map { .ints($0.map { Int64($0) }) }]
    ).map { try $0.decode("id") }
  }

  /// Calls off an array, with those that follow it as far as they are no jobs yet.
  ///
  /// - Returns: How many elements were called off.
  /// - Throws: `PostgresError`.
  public func cancel(array: Int64) async throws -> Int {
    // First the rest, so that nothing of it becomes a job meanwhile.
    let rest: Int = try await rows(ArrayStatements.cancel, [.ints([array]), nil, nil])[0].decode(
      "changed")
    let jobs: [Int64] = try await rows(ArrayStatements.jobsToCancel, [.int(array)]).map {
      try $0.decode("id")
    }
    return rest + (try await cancel(JobFilter(ids: jobs)))
  }

  /// Queues what has failed, was quarantined or called off of an array once more.
  ///
  /// - Parameters:
  ///   - array: The array's number.
  ///   - states: The states that elements are taken from.
  /// - Returns: How many elements wait again.
  /// - Throws: `PostgresError`.
  public func retry(
    array: Int64, states: Set<JobState> = [.failed, .quarantined, .cancelled]
  ) async throws -> Int {
    let ids = try await jobs(ofArray: array)
    let revived = try await retry(JobFilter(ids: ids, states: states))
    guard states.contains(.cancelled) else { return revived }
    return revived
      + (try await pool.withRepeatedTransaction { transaction in
        try await Self.change(ArrayStatements.retry, [.ints([array]), nil, nil], on: transaction)
      })
  }

  /// Gives the waiting elements of an array another priority.
  ///
  /// - Returns: How many elements have another priority than before.
  /// - Throws: `JobQueueError.invalidPriority`; `PostgresError`.
  public func prioritize(array: Int64, priority: Int) async throws -> Int {
    let jobs = try await prioritize(
      JobFilter(ids: jobs(ofArray: array)), priority: priority)
    return jobs
      + (try await pool.withRepeatedTransaction { transaction in
        try await Self.change(
          ArrayStatements.prioritize, [.ints([array]), nil, nil, .integer(priority)],
          on: transaction)
      })
  }

  /// Lets the waiting elements of an array not start before a time has passed.
  ///
  /// - Returns: How many elements wait until then.
  /// - Throws: `PostgresError`.
  public func postpone(array: Int64, by delay: Duration) async throws -> Int {
    // First the rest, so that nothing of it becomes a job that can be started meanwhile.
    let rest = try await pool.withRepeatedTransaction { transaction in
      let moment: String = try await transaction.query(
        SteeringStatements.moment, [.double(delay.seconds)])[0].decode("moment")
      return try await Self.change(
        ArrayStatements.postpone, [.ints([array]), nil, nil, .text(moment)], on: transaction)
    }
    return rest + (try await postpone(JobFilter(ids: jobs(ofArray: array)), by: delay))
  }

  /// Changes the rest of all arrays that a filter is about, as it changes jobs.
  ///
  /// - Parameters:
  ///   - sql: The change.
  ///   - filter: Which jobs; those that are named by numbers or keys are jobs already.
  ///   - state: The state that elements which are no jobs yet have.
  ///   - parameters: More parameters, from `$4` on.
  ///   - transaction: Where it happens.
  /// - Returns: How many elements were changed.
  /// - Throws: `PostgresError`.
  static func changeArrays(
    _ sql: String, _ filter: JobFilter, in state: JobState, _ parameters: [SQLValue?] = [],
    on transaction: Connection
  ) async throws -> Int {
    guard filter.ids == nil, filter.keys == nil, filter.states?.contains(state) ?? true else {
      return 0
    }
    return try await change(
      sql, [nil, filter.group.map(SQLValue.text), filter.kind.map(SQLValue.text)] + parameters,
      on: transaction)
  }

  private static func change(
    _ sql: String, _ parameters: [SQLValue?], on transaction: Connection
  ) async throws -> Int {
    let count: Int = try await transaction.query(sql, parameters)[0].decode("changed")
    if count > 0 { _ = try await transaction.query(EnqueueStatements.ring) }
    return count
  }
}

extension Row {
  fileprivate func array() throws -> JobArrayRecord {
    var counts: [JobState: Int] = [:]
    for state in JobState.allCases {
      let count: Int = try decode(state.rawValue)
      if count > 0 { counts[state] = count }
    }
    return JobArrayRecord(
      id: try decode("id"), kind: try decode("kind"), key: try decodeIfPresent("key") ?? "",
      group: try decode("group_name"), priority: try decode("priority"), size: try decode("size"),
      counts: counts, skipped: try decode("skipped"), pruned: try decode("pruned"),
      after: try decodeIfPresent("after_id"), createdAt: try decode("created_at"),
      finishedAt: try decodeIfPresent("finished_at"))
  }
}
