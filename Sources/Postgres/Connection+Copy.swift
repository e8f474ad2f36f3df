import CPostgres

extension Connection {
  /// Streams rows into a table.
  ///
  /// - Parameters:
  ///   - sql: `COPY table (columns) FROM STDIN`, in the default text format.
  ///   - rows: The values as text, in the order of the columns; nil is null. They are escaped
  ///     here and sent in pieces, so a lazy sequence is never in memory as a whole.
  /// - Returns: How many rows were stored.
  /// - Throws: ``PostgresError``; then no row was stored.
  @discardableResult
  public func copyIn(
    _ sql: String, rows: sending some Sequence<[String?]>
  ) async throws(PostgresError) -> Int {
    try await exclusively { () async throws(PostgresError) in
      let session = try liveSession()
      guard PQsendQuery(session.raw, sql) == 1 else { throw lost(session) }
      try await flush(session)
      guard try await beginsCopy(session) else {
        throw .unsendable(reason: "copyIn needs COPY … FROM STDIN")
      }
      let problem = try await stream(rows, into: session)
      try await endCopy(session, because: problem)
      let results = try await collectAfterCopy(session, because: problem)
      return results.last?.affected ?? 0
    }
  }

  private func beginsCopy(_ session: Session) async throws(PostgresError) -> Bool {
    guard let first = try await nextResult(session) else { throw lost(session) }
    if first.status == PGRES_COPY_IN { return true }
    _ = try await collect(session)
    if let failure = first.failure {
      if failure == .connectionLost { abandon() }
      throw failure
    }
    return false
  }

  /// Sends the rows; returns why it stopped early, or nil.
  private func stream(
    _ rows: some Sequence<[String?]>, into session: Session
  ) async throws(PostgresError) -> String? {
    var buffer: [UInt8] = []
    for row in rows {
      guard CopyText.append(row, to: &buffer) else {
        return "a text contains the character U+0000"
      }
      guard buffer.count >= 1 << 16 else { continue }
      try await put(buffer, into: session)
      buffer.removeAll(keepingCapacity: true)
    }
    try await put(buffer, into: session)
    return nil
  }

  private func put(_ bytes: [UInt8], into session: Session) async throws(PostgresError) {
    if bytes.isEmpty { return }
    while true {
      let accepted = bytes.withUnsafeBytes { raw in
        PQputCopyData(
          session.raw, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count))
      }
      if accepted == 1 { break }
      if accepted < 0 { throw lost(session) }
      _ = await ready(session, .write)
    }
    try await flush(session)
  }

  private func endCopy(
    _ session: Session, because problem: String?
  ) async throws(PostgresError) {
    while true {
      let accepted = PQputCopyEnd(session.raw, problem)
      if accepted == 1 { break }
      if accepted < 0 { throw lost(session) }
      _ = await ready(session, .write)
    }
    try await flush(session)
  }

  private func collectAfterCopy(
    _ session: Session, because problem: String?
  ) async throws(PostgresError) -> [SessionResult] {
    do {
      return try await collect(session)
    } catch {
      if let problem, error != .connectionLost { throw .unsendable(reason: problem) }
      throw error
    }
  }
}

/// The text format of COPY.
enum CopyText {
  /// Appends one line; false when a value cannot be stored.
  static func append(_ row: [String?], to buffer: inout [UInt8]) -> Bool {
    for (index, value) in row.enumerated() {
      if index > 0 { buffer.append(UInt8(ascii: "\t")) }
      guard let value else {
        buffer.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "N")])
        continue
      }
      for byte in value.utf8 {
        if byte == 0 { return false }
        if let letter = escape(byte) {
          buffer.append(UInt8(ascii: "\\"))
          buffer.append(letter)
        } else {
          buffer.append(byte)
        }
      }
    }
    buffer.append(UInt8(ascii: "\n"))
    return true
  }

  private static func escape(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\\"): UInt8(ascii: "\\")
    case UInt8(ascii: "\n"): UInt8(ascii: "n")
    case UInt8(ascii: "\r"): UInt8(ascii: "r")
    case UInt8(ascii: "\t"): UInt8(ascii: "t")
    default: nil
    }
  }
}
