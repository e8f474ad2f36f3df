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
    try await copyIn(sql, rows: rows, header: [], trailer: []) { CopyText.append($0, to: &$1) }
  }

  /// Streams rows into a table in the binary format, which costs both sides less than text.
  ///
  /// - Parameters:
  ///   - sql: `COPY table (columns) FROM STDIN (FORMAT binary)`.
  ///   - rows: What the rows are made of; a lazy sequence is never in memory as a whole.
  ///   - append: Writes a row: first how many columns it has, then the columns' values, each in
  ///     exactly the column's type.
  /// - Returns: How many rows were stored.
  /// - Throws: ``PostgresError``; then no row was stored.
  @discardableResult
  public func copyIn<Rows: Sequence>(
    binary sql: String, rows: sending Rows, append: (Rows.Element, inout BinaryRows) -> Void
  ) async throws(PostgresError) -> Int {
    try await copyIn(sql, rows: rows, header: BinaryRows.header, trailer: BinaryRows.trailer) {
      row, buffer in
      var rows = BinaryRows(bytes: buffer)
      buffer = []  // one owner, so nothing is copied
      append(row, &rows)
      buffer = rows.bytes
      return !rows.isUnsendable
    }
  }

  private func copyIn<Rows: Sequence>(
    _ sql: String, rows: sending Rows, header: [UInt8], trailer: [UInt8],
    append: (Rows.Element, inout [UInt8]) -> Bool
  ) async throws(PostgresError) -> Int {
    try await exclusively { () async throws(PostgresError) in
      let session = try liveSession()
      guard PQsendQuery(session.raw, sql) == 1 else { throw lost(session) }
      try await flush(session)
      guard try await beginsCopy(session) else {
        throw .unsendable(reason: "copyIn needs COPY … FROM STDIN")
      }
      try await put(header, into: session)
      let problem = try await stream(rows, into: session, append)
      if problem == nil { try await put(trailer, into: session) }
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
  private func stream<Rows: Sequence>(
    _ rows: Rows, into session: Session, _ append: (Rows.Element, inout [UInt8]) -> Bool
  ) async throws(PostgresError) -> String? {
    var buffer: [UInt8] = []
    for row in rows {
      guard append(row, &buffer) else {
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

/// Rows in the binary format of COPY (PostgreSQL manual, COPY, “Binary Format”).
public struct BinaryRows {
  static let header: [UInt8] =
    Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)
  static let trailer: [UInt8] = [0xFF, 0xFF]

  fileprivate var bytes: [UInt8]
  fileprivate var isUnsendable = false

  /// Begins a row.
  ///
  /// - Parameter count: How many columns it has.
  public mutating func beginRow(columns count: Int) { put(Int16(count)) }

  /// A value of a column of type `smallint`, `integer` or `bigint`, by the number's own width.
  ///
  /// - Parameter number: The value.
  public mutating func append(_ number: some FixedWidthInteger & SignedInteger) {
    put(Int32(number.bitWidth / 8))
    put(number)
  }

  /// A value of a column of type `text` or `json`.
  ///
  /// - Parameter text: The value, without U+0000.
  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      isUnsendable = isUnsendable || utf8.contains(0)
      put(Int32(utf8.count))
      bytes.append(contentsOf: utf8)
    }
  }

  private mutating func put(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
