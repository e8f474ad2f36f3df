import CPostgres
import Synchronization

extension Connection {
  /// Runs `body` in a transaction: all of it is kept, or none.
  ///
  /// Other users of the connection wait until it ends. Inside `body`, use the connection it is
  /// given; a transaction inside a transaction becomes a savepoint.
  ///
  /// - Parameters:
  ///   - mode: What the transaction sees; ignored for a nested one.
  ///   - isolation: Where `body` runs; leave it out.
  ///   - body: The work. When it throws, everything is rolled back and the error is passed on.
  /// - Returns: What `body` returned, once the server has confirmed the commit.
  /// - Throws: What `body` throws; ``PostgresError/transactionAborted`` when `body` hid the
  ///   failure of a statement; ``PostgresError/connectionLost``.
  public func transaction<Result: Sendable>(
    _ mode: TransactionMode = .readWrite, isolation: isolated (any Actor)? = #isolation,
    _ body: (Connection) async throws -> Result
  ) async throws -> Result {
    let scope = try await begin(mode)
    do {
      let open = Self.openTransactions.union([scope.id])
      let result = try await Self.$openTransactions.withValue(open) { try await body(self) }
      try await commit(scope)
      return result
    } catch {
      await rollBack(scope)
      throw error
    }
  }

  /// A transaction or, at depth 1 and more, a savepoint in one.
  struct Scope: Sendable {
    let id: UInt64
    let depth: Int
  }

  private static let lastTransaction = Atomic<UInt64>(0)

  private func begin(_ mode: TransactionMode) async throws(PostgresError) -> Scope {
    if let id = currentTransaction, ownsTransaction {
      savepointDepth += 1
      let scope = Scope(id: id, depth: savepointDepth)
      try await alone { () async throws(PostgresError) in
        _ = try await runScript(ConnectionStatements.savepoint(scope.depth))
      }
      return scope
    }
    await owners.enter()
    do {
      try await alone { () async throws(PostgresError) in _ = try await runScript(mode.begin) }
    } catch {
      owners.leave()
      throw error
    }
    let id = Self.lastTransaction.add(1, ordering: .relaxed).newValue
    currentTransaction = id
    savepointDepth = 0
    return Scope(id: id, depth: 0)
  }

  private func commit(_ scope: Scope) async throws(PostgresError) {
    try await alone { () async throws(PostgresError) in
      let session = try liveSession()
      // COMMIT of a failed transaction rolls back and reports success.
      guard PQtransactionStatus(session.raw) == PQTRANS_INTRANS else {
        throw .transactionAborted
      }
      let sql =
        scope.depth > 0
        ? ConnectionStatements.release(scope.depth) : ConnectionStatements.commit
      _ = try await runScript(sql)
    }
    end(scope)
  }

  private func rollBack(_ scope: Scope) async {
    await enterStatements()
    let sql =
      scope.depth > 0 ? ConnectionStatements.rollbackTo(scope.depth) : ConnectionStatements.rollback
    do {
      if let session, PQtransactionStatus(session.raw) != PQTRANS_IDLE {
        _ = try await runScript(sql)
      }
    } catch {
      // A session whose transaction cannot be ended must not be used by anyone.
      abandon()
    }
    leaveStatements()
    end(scope)
  }

  private func end(_ scope: Scope) {
    if scope.depth > 0 {
      savepointDepth = scope.depth - 1
    } else {
      currentTransaction = nil
      noteRest()
      owners.leave()
    }
  }

  /// Keeps other statements of the same transaction away.
  private func alone(
    _ body: () async throws(PostgresError) -> Void
  ) async throws(PostgresError) {
    await enterStatements()
    defer { leaveStatements() }
    try await body()
  }
}
