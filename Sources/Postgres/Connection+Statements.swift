import CPostgres
import Glibc

// Sending a statement and reading its results; callers hold the connection's turn.
extension Connection {
  func run(
    _ sql: String, _ parameters: [SQLValue?]
  ) async throws(PostgresError) -> [SessionResult] {
    let session = try liveSession()
    try send(sql, parameters, on: session)
    return try await finish(session)
  }

  /// Runs statements in libpq's pipeline mode: all are sent before the first answer is read, and
  /// the server ends the transaction at the one synchronisation point behind them.
  func runPipeline(
    _ statements: [(sql: String, parameters: [SQLValue?])]
  ) async throws(PostgresError) -> [SessionResult] {
    let session = try liveSession()
    guard PQenterPipelineMode(session.raw) == 1 else { throw lost(session) }
    do {
      for statement in statements { try send(statement.sql, statement.parameters, on: session) }
    } catch {
      // Half a pipeline cannot be taken back.
      abandon()
      throw error
    }
    guard PQpipelineSync(session.raw) == 1 else { throw lost(session) }
    try await flush(session)
    var results: [SessionResult] = []
    while true {
      // Each statement's results end with a nil.
      guard let result = try await nextResult(session) else {
        if PQstatus(session.raw) == CONNECTION_BAD { throw lost(session) }
        continue
      }
      if result.status == PGRES_PIPELINE_SYNC { break }
      results.append(result)
    }
    guard PQexitPipelineMode(session.raw) == 1 else { throw lost(session) }
    if let failure = results.lazy.compactMap(\.failure).first {
      if failure == .connectionLost { abandon() }
      throw failure
    }
    return results
  }

  private func send(
    _ sql: String, _ parameters: [SQLValue?], on session: Session
  ) throws(PostgresError) {
    let texts = parameters.map { $0?.wireText }
    guard parameters.count <= 65_535 else {
      throw .unsendable(reason: "it has more than 65535 parameters")
    }
    // C strings end at the first NUL: sending on would cut the value without a word.
    guard !sql.utf8.contains(0), !texts.contains(where: { $0?.utf8.contains(0) ?? false }) else {
      throw .unsendable(reason: "a text contains the character U+0000")
    }
    let accepted = Self.withCStrings(texts) {
      PQsendQueryParams(session.raw, sql, Int32(texts.count), nil, $0, nil, nil, 0)
    }
    guard accepted == 1 else { throw lost(session) }
  }

  func runScript(_ sql: String) async throws(PostgresError) -> [SessionResult] {
    let session = try liveSession()
    guard !sql.utf8.contains(0) else {
      throw .unsendable(reason: "a text contains the character U+0000")
    }
    guard PQsendQuery(session.raw, sql) == 1 else { throw lost(session) }
    return try await finish(session)
  }

  private func finish(_ session: Session) async throws(PostgresError) -> [SessionResult] {
    try await flush(session)
    return try await collect(session)
  }

  /// Reads the results of what was sent; throws the first failure after all were read.
  func collect(_ session: Session) async throws(PostgresError) -> [SessionResult] {
    var results: [SessionResult] = []
    var failure: PostgresError?
    while let result = try await nextResult(session) {
      switch result.status {
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        abandon()
        throw .unsendable(reason: "COPY goes through copyIn")
      default: break
      }
      failure = failure ?? result.failure
      results.append(result)
    }
    if PQstatus(session.raw) == CONNECTION_BAD { throw lost(session) }
    if let failure {
      if failure == .connectionLost { abandon() }
      throw failure
    }
    return results
  }

  func nextResult(_ session: Session) async throws(PostgresError) -> SessionResult? {
    while PQisBusy(session.raw) == 1 {
      _ = await ready(session, .read)
      if PQconsumeInput(session.raw) == 0 { throw lost(session) }
    }
    return PQgetResult(session.raw).map(SessionResult.init)
  }

  /// Sends what libpq holds back. Reading meanwhile matters: the server may not take more before
  /// somebody takes its answers.
  func flush(_ session: Session) async throws(PostgresError) {
    while true {
      let left = PQflush(session.raw)
      if left == 0 { return }
      if left < 0 { throw lost(session) }
      if await ready(session, [.read, .write]).contains(.read),
        PQconsumeInput(session.raw) == 0
      {
        throw lost(session)
      }
    }
  }

  func lost(_ session: Session) -> PostgresError {
    // A refusal by libpq itself on a healthy connection is a mistake in the call.
    if PQstatus(session.raw) == CONNECTION_OK,
      PQtransactionStatus(session.raw) != PQTRANS_UNKNOWN,
      PQtransactionStatus(session.raw) != PQTRANS_ACTIVE
    {
      return .unsendable(reason: session.message)
    }
    abandon()
    return .connectionLost
  }

  static func withCStrings<Result>(
    _ texts: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
  ) -> Result {
    let copies = texts.map { $0.flatMap { strdup($0) } }
    defer { copies.forEach { free($0) } }
    return copies.map { $0.map { UnsafePointer($0) } }.withUnsafeBufferPointer {
      body($0.baseAddress)
    }
  }
}
