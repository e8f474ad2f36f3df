import CPostgres

/// Owns libpq's connection: `PQfinish` is called exactly once.
final class Session: Sendable {
  nonisolated(unsafe) let raw: OpaquePointer

  init(_ raw: OpaquePointer) { self.raw = raw }

  deinit { PQfinish(raw) }

  /// Libpq's last message on one line.
  var message: String { Self.oneLine(PQerrorMessage(raw)) }

  static func oneLine(_ text: UnsafePointer<CChar>?) -> String {
    guard let text else { return "no reason given" }
    let words = String(cString: text).split(whereSeparator: \.isWhitespace)
    return words.isEmpty ? "no reason given" : words.joined(separator: " ")
  }
}

/// Owns one of libpq's results: `PQclear` is called exactly once.
final class SessionResult {
  let raw: OpaquePointer

  init(_ raw: OpaquePointer) { self.raw = raw }

  deinit { PQclear(raw) }

  var status: ExecStatusType { PQresultStatus(raw) }

  /// How many rows a command changed; 0 for commands that count none.
  var affected: Int { PQcmdTuples(raw).flatMap { Int(String(cString: $0)) } ?? 0 }

  /// The failure that the server reported, or nil.
  var failure: PostgresError? {
    guard status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE else { return nil }
    guard let state = field("C") else { return .connectionLost }
    // The server announces that it ends the session: what follows is a closed socket.
    if state.hasPrefix("08") || ["57P01", "57P02", "57P03"].contains(state) {
      return .connectionLost
    }
    return .server(
      sqlstate: state, message: field("M") ?? Session.oneLine(PQresultErrorMessage(raw)),
      detail: field("D"), constraint: field("n"))
  }

  var rows: [Row] {
    let columns = (0..<PQnfields(raw)).map { String(cString: PQfname(raw, $0)) }
    return (0..<PQntuples(raw)).map { row in
      Row(columns: columns, values: columns.indices.map { text(row, Int32($0)) })
    }
  }

  private func text(_ row: Int32, _ column: Int32) -> String? {
    PQgetisnull(raw, row, column) == 1 ? nil : String(cString: PQgetvalue(raw, row, column))
  }

  private func field(_ code: Unicode.Scalar) -> String? {
    PQresultErrorField(raw, Int32(code.value)).map { String(cString: $0) }
  }
}
