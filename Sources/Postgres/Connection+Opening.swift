import CPostgres
import Dispatch

extension Connection {
  func open() async throws(PostgresError) {
    let session = try start()
    let deadline = DispatchTime.now() + target.connectSeconds
    var next = PGRES_POLLING_WRITING
    while next != PGRES_POLLING_OK {
      guard next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING else {
        throw failure(session.message)
      }
      let interest: Readiness = next == PGRES_POLLING_READING ? .read : .write
      let found = await ready(session, interest, until: deadline)
      guard !found.isEmpty, DispatchTime.now() < deadline else {
        throw failure("no answer within \(Int(target.connectSeconds)) s")
      }
      next = PQconnectPoll(session.raw)
    }
    try await prepare(session)
  }

  private func start() throws(PostgresError) -> Session {
    let parameters = target.parameters
    let raw = Self.withCStringArrays(parameters.map(\.name), parameters.map(\.value)) {
      PQconnectStartParams($0, $1, 1)
    }
    guard let raw else { throw failure("out of memory") }
    let session = Session(raw)
    if PQstatus(raw) == CONNECTION_BAD { throw failure(session.message) }
    return session
  }

  private func prepare(_ session: Session) async throws(PostgresError) {
    let version = Int(PQserverVersion(session.raw))
    guard version >= Self.oldestServer else {
      let name = PQparameterStatus(session.raw, "server_version").map { String(cString: $0) }
      throw .serverTooOld(version: name ?? "\(version / 10_000)")
    }
    PQsetnonblocking(session.raw, 1)
    // Notices are for people at a prompt; by default libpq prints them on standard error.
    PQsetNoticeProcessor(session.raw, { _, _ in }, nil)
    self.session = session
    if let schema = target.schema {
      _ = try await run(ConnectionStatements.setSearchPath, [.text(schema)])
    }
    noteRest()
  }

  private func failure(_ reason: String) -> PostgresError {
    .connectionFailed(target: target.description, reason: reason)
  }

  private static func withCStringArrays<Result>(
    _ names: [String], _ values: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?)
      -> Result
  ) -> Result {
    withCStrings(names + [nil]) { first in withCStrings(values + [nil]) { body(first, $0) } }
  }
}
