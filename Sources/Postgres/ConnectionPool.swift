/// A few connections that are opened when needed, reused, and replaced when they break.
public actor ConnectionPool {
  /// Where the connections go.
  public nonisolated let target: ConnectionTarget

  private let size: Int
  private let patience: Duration
  private var idle: [Connection] = []
  private var inUse = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var isClosed = false

  /// Makes a pool; nothing is opened yet.
  ///
  /// - Parameters:
  ///   - target: Where the connections go.
  ///   - size: The most connections at a time; at least 1.
  ///   - patience: How long to keep trying while the server cannot be reached.
  public init(target: ConnectionTarget, size: Int = 4, patience: Duration = .seconds(15)) {
    precondition(size > 0, "a pool of \(size) connections")
    self.target = target
    self.size = size
    self.patience = patience
  }

  /// Lends a connection to `body`.
  ///
  /// - Parameters:
  ///   - isolation: Where `body` runs; leave it out.
  ///   - body: The work; it must not keep the connection.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws; ``PostgresError`` when no connection can be opened.
  public func withConnection<Result: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Connection) async throws -> Result
  ) async throws -> Result {
    let connection = try await take()
    do {
      let result = try await body(connection)
      await giveBack(connection)
      return result
    } catch {
      await giveBack(connection)
      throw error
    }
  }

  /// Runs `body` in a transaction on a connection of the pool.
  ///
  /// - Parameters:
  ///   - mode: What the transaction sees.
  ///   - isolation: Where `body` runs; leave it out.
  ///   - body: The work.
  /// - Returns: What `body` returns.
  /// - Throws: As ``Connection/transaction(_:isolation:_:)``.
  public func withTransaction<Result: Sendable>(
    _ mode: TransactionMode = .readWrite, isolation: isolated (any Actor)? = #isolation,
    _ body: (Connection) async throws -> Result
  ) async throws -> Result {
    try await withConnection { connection in try await connection.transaction(mode, body) }
  }

  /// As ``withTransaction(_:isolation:_:)``, and again, at most ten times, when the server took the
  /// transaction back because it and another one waited for each other.
  ///
  /// - Parameters:
  ///   - isolation: Where `body` runs; leave it out.
  ///   - body: The work; whatever else it does than talk to the database, it may do several times.
  /// - Returns: What `body` returns.
  /// - Throws: As ``Connection/transaction(_:isolation:_:)``.
  public func withRepeatedTransaction<Result: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Connection) async throws -> Result
  ) async throws -> Result {
    try await repeatingConflicts { try await withTransaction(.readWrite, body) }
  }

  /// Closes the idle connections now, the lent ones when they come back, and refuses new loans.
  public func close() async {
    isClosed = true
    let closing = idle
    idle = []
    waiting.forEach { $0.resume() }
    waiting = []
    for connection in closing { await connection.close() }
  }

  private func take() async throws -> Connection {
    while inUse >= size, !isClosed { await withCheckedContinuation { waiting.append($0) } }
    guard !isClosed else { throw PostgresError.poolClosed }
    inUse += 1
    while let connection = idle.popLast() {
      if connection.isIdle { return connection }
      await connection.close()
    }
    do {
      return try await open()
    } catch {
      release()
      throw error
    }
  }

  private func giveBack(_ connection: Connection) async {
    if connection.isIdle, !isClosed {
      idle.append(connection)
    } else {
      await connection.close()
    }
    release()
  }

  private func release() {
    inUse -= 1
    if !waiting.isEmpty { waiting.removeFirst().resume() }
  }

  private func open() async throws -> Connection {
    let deadline = ContinuousClock.now + patience
    var pause = Duration.milliseconds(50)
    while true {
      do {
        return try await Connection.connect(to: target)
      } catch {
        guard error.isTransient, ContinuousClock.now + pause < deadline, !isClosed else {
          throw error
        }
      }
      // Jitter keeps many workers from knocking at the same moment after a restart.
      try await Task.sleep(for: pause * Double.random(in: 0.5...1))
      pause = min(pause * 2, .seconds(2))
    }
  }
}

/// Makes a call again, at most ten times, when the server took its transaction back because it and
/// another one waited for each other.
///
/// - Parameters:
///   - isolation: Where the call runs; leave it out.
///   - call: The call; nothing of it is kept when it throws.
/// - Returns: What it returns.
/// - Throws: What it throws.
public func repeatingConflicts<Result: Sendable>(
  isolation: isolated (any Actor)? = #isolation, _ call: () async throws -> Result
) async throws -> Result {
  for _ in 0..<10 {
    do {
      return try await call()
    } catch let error as PostgresError where error.isConflict {
      try await Task.sleep(for: .milliseconds(Int.random(in: 1...50)))
    }
  }
  return try await call()
}
