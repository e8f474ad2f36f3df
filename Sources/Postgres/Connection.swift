import CPostgres
import Dispatch
import Glibc
import Synchronization

/// One session with a PostgreSQL server.
///
/// A connection may be used by several tasks: each call, and each transaction as a whole, waits
/// for its turn. Nothing blocks Swift's cooperative threads. A call that has begun is not stopped
/// by cancelling its task. After ``PostgresError/connectionLost`` the connection stays unusable.
///
/// ```swift
/// let connection = try await Connection.connect(to: target)
/// let rows = try await connection.query("SELECT id FROM video WHERE sha256 = $1", [.text(sum)])
/// let ids = try rows.map { try $0.decode("id", as: Int64.self) }
/// ```
public actor Connection {
  /// The oldest server that works, as libpq counts versions.
  public static let oldestServer = 130_000

  /// Where this connection goes.
  public nonisolated let target: ConnectionTarget

  /// The thread that this actor runs on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  let executor = SerialQueueExecutor()
  var session: Session?
  let owners = Turnstile()
  let statements = Turnstile()
  var currentTransaction: UInt64?
  var savepointDepth = 0
  var listeners: [Int: Listener] = [:]
  var nextListener = 0
  var listening: (any DispatchSourceRead)?

  /// The session's socket while it is open and idle outside a transaction; -1 when somebody listens.
  let resting = Mutex<Int32?>(nil)

  private init(to target: ConnectionTarget) { self.target = target }

  /// Opens a session.
  ///
  /// - Parameter target: Where the database is.
  /// - Returns: The connection.
  /// - Throws: ``PostgresError/connectionFailed(target:reason:)`` or
  ///   ``PostgresError/serverTooOld(version:)``.
  public static func connect(
    to target: ConnectionTarget
  ) async throws(PostgresError) -> Connection {
    let connection = Connection(to: target)
    try await connection.open()
    return connection
  }

  /// Runs one statement and returns its rows.
  ///
  /// - Parameters:
  ///   - sql: One statement; values only as `$1`, `$2`, ….
  ///   - parameters: The values of `$1`, `$2`, …; nil is null.
  /// - Returns: The rows, all in memory.
  /// - Throws: ``PostgresError``.
  public func query(
    _ sql: String, _ parameters: [SQLValue?] = []
  ) async throws(PostgresError) -> [Row] {
    try await exclusively { () async throws(PostgresError) in
      try await run(sql, parameters).last?.rows ?? []
    }
  }

  /// Runs one statement and returns how many rows it changed.
  ///
  /// - Parameters:
  ///   - sql: One statement; values only as `$1`, `$2`, ….
  ///   - parameters: The values of `$1`, `$2`, …; nil is null.
  /// - Returns: The number of rows.
  /// - Throws: ``PostgresError``.
  @discardableResult
  public func execute(
    _ sql: String, _ parameters: [SQLValue?] = []
  ) async throws(PostgresError) -> Int {
    try await exclusively { () async throws(PostgresError) in
      try await run(sql, parameters).last?.affected ?? 0
    }
  }

  /// Runs several statements in one round trip and, outside of a transaction, as one transaction:
  /// all of them are kept, or none.
  ///
  /// - Parameter statements: Each with its values of `$1`, `$2`, …; at least one.
  /// - Returns: The rows of each statement.
  /// - Throws: ``PostgresError``, of the first statement that failed; those behind it did not run.
  public func pipeline(
    _ statements: [(sql: String, parameters: [SQLValue?])]
  ) async throws(PostgresError) -> [[Row]] {
    try await exclusively { () async throws(PostgresError) in
      try await runPipeline(statements).map(\.rows)
    }
  }

  /// Runs several statements in one go, without parameters; for migrations.
  ///
  /// - Parameter sql: Statements, separated by semicolons.
  /// - Throws: ``PostgresError``.
  public func executeScript(_ sql: String) async throws(PostgresError) {
    try await exclusively { () async throws(PostgresError) in _ = try await runScript(sql) }
  }

  /// Whether the session is open and idle outside a transaction, so that it can be used again.
  ///
  /// It takes no turn, and no switch of threads.
  public nonisolated var isIdle: Bool {
    guard let socket = resting.withLock(\.self) else { return false }
    // A server says nothing to an idle session, except that it is ending it.
    return socket < 0 || Self.poll(socket, .read, milliseconds: 0).isEmpty
  }

  /// Waits for the turn to send statements.
  func enterStatements() async {
    await statements.enter()
    resting.withLock { $0 = nil }
  }

  /// Lets others send statements.
  func leaveStatements() {
    noteRest()
    statements.leave()
  }

  func noteRest() {
    guard let session, currentTransaction == nil, PQstatus(session.raw) == CONNECTION_OK,
      PQtransactionStatus(session.raw) == PQTRANS_IDLE
    else { return resting.withLock { $0 = nil } }
    let socket = listening == nil ? PQsocket(session.raw) : -1
    resting.withLock { $0 = socket }
  }

  /// Whether the server sees an open, healthy transaction.
  var isInTransactionBlock: Bool {
    session.map { PQtransactionStatus($0.raw) == PQTRANS_INTRANS } ?? false
  }

  /// Ends the session once the calls and transactions that have begun are done.
  ///
  /// Inside a transaction it ends the transaction too: nothing of it is kept.
  public func close() async {
    let isOwner = ownsTransaction
    if !isOwner { await owners.enter() }
    await enterStatements()
    abandon()
    leaveStatements()
    if !isOwner { owners.leave() }
  }

  /// Gives up the session: later calls throw ``PostgresError/connectionLost``.
  func abandon() {
    resting.withLock { $0 = nil }
    endListening()
    session = nil
  }

  func liveSession() throws(PostgresError) -> Session {
    guard let session else { throw .connectionLost }
    return session
  }

  /// Waits for this task's turn and runs `body` with no other statement in between.
  func exclusively<Result>(
    _ body: () async throws(PostgresError) -> Result
  ) async throws(PostgresError) -> Result {
    let isOwner = ownsTransaction
    if !isOwner { await owners.enter() }
    await enterStatements()
    defer {
      deliverNotifications()
      leaveStatements()
      if !isOwner { owners.leave() }
    }
    return try await body()
  }

  /// Whether the current task is inside this connection's transaction.
  var ownsTransaction: Bool {
    currentTransaction.map(Self.openTransactions.contains) ?? false
  }

  /// The transactions that the current task is inside of, on whichever connections.
  @TaskLocal static var openTransactions: Set<UInt64> = []
}
