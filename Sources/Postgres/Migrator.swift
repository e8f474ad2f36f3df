import Foundation

/// Brings a schema up to date with the numbered SQL files of a folder.
///
/// Files are named `NNNN_name.sql`, are plain SQL with unqualified names, and run in order, each
/// in a transaction of its own. What was applied is recorded with a checksum: a file that changed
/// or vanished afterwards, or a database migrated by a newer program, is refused. Several
/// migrators may start at once; one works, the others wait and find nothing left to do.
public struct Migrator: Sendable {
  private let folder: String

  /// Names the files to apply.
  ///
  /// - Parameter folder: Path of the folder with the files.
  public init(folder: String) { self.folder = folder }

  /// Applies what is missing; creates the schema when there is none.
  ///
  /// - Parameters:
  ///   - schema: The schema to bring up to date.
  ///   - connection: An idle connection.
  /// - Returns: The files that were applied by this call, in order.
  /// - Throws: ``PostgresError``; ``PostgresError/migration(_:)`` when files and database disagree.
  @discardableResult
  public func migrate(
    schema: String, on connection: Connection
  ) async throws -> [String] {
    // A role that may change no schema can still work with one that is up to date.
    if try await pending(schema: schema, on: connection).isEmpty { return [] }
    let files = try MigrationFile.all(in: folder)
    var applied: [String] = []
    while let name = try await applyNext(of: files, schema: schema, on: connection) {
      applied.append(name)
    }
    return applied
  }

  /// Which files are not applied yet; changes nothing.
  ///
  /// - Parameters:
  ///   - schema: The schema to look at.
  ///   - connection: An idle connection.
  /// - Returns: The files that ``migrate(schema:on:)`` would apply.
  /// - Throws: As ``migrate(schema:on:)``.
  public func pending(
    schema: String, on connection: Connection
  ) async throws -> [String] {
    let files = try MigrationFile.all(in: folder)
    return try await connection.transaction(.snapshot) { transaction in
      _ = try await transaction.query(MigrationStatements.enter, [.text(schema)])
      let found = try await transaction.query(MigrationStatements.recordExists, [.text(schema)])
      guard try found.first?.decode("found", as: Bool.self) ?? false else {
        return files.map(\.name)
      }
      return try await Self.unapplied(of: files, on: transaction).map(\.name)
    }
  }

  /// Applies one file; nil when all are applied.
  private func applyNext(
    of files: [MigrationFile], schema: String, on connection: Connection
  ) async throws -> String? {
    try await connection.transaction { transaction in
      // Held until the end of the transaction, so it needs no session state.
      _ = try await transaction.query(MigrationStatements.lock, [.text(schema)])
      try await transaction.executeScript(MigrationStatements.createSchema(schema))
      _ = try await transaction.query(MigrationStatements.enter, [.text(schema)])
      try await transaction.execute(MigrationStatements.createRecord)
      guard let file = try await Self.unapplied(of: files, on: transaction).first else {
        return nil
      }
      try await Self.apply(file, on: transaction)
      return file.name
    }
  }

  private static func apply(_ file: MigrationFile, on transaction: Connection) async throws {
    do {
      try await transaction.executeScript(file.sql)
    } catch  where error != .connectionLost {
      throw PostgresError.migration(.failed(file: file.name, reason: error.description))
    }
    guard await transaction.isInTransactionBlock else {
      throw PostgresError.migration(
        .failed(file: file.name, reason: "It must not end the transaction that it runs in."))
    }
    try await transaction.execute(
      MigrationStatements.record, [.int(Int64(file.number)), .text(file.name), .text(file.sql)])
  }

  /// Compares files and record, and returns the files that are not applied.
  private static func unapplied(
    of files: [MigrationFile], on transaction: Connection
  ) async throws -> [MigrationFile] {
    let record = try await transaction.query(
      MigrationStatements.compare,
      [.ints(files.map { Int64($0.number) }), .texts(files.map(\.sql))])
    let newestKnown = files.last?.number ?? 0
    var newestApplied = 0
    var applied: Set<Int> = []
    for row in record {
      let number: Int = try row.decode("number")
      let name: String = try row.decode("name")
      guard number <= newestKnown else {
        throw PostgresError.migration(
          .databaseNewer(version: number, newestKnown: newestKnown))
      }
      guard let same = try row.decodeIfPresent("same", as: Bool.self) else {
        throw PostgresError.migration(.missing(file: name))
      }
      guard same else { throw PostgresError.migration(.changed(file: name)) }
      newestApplied = max(newestApplied, number)
      applied.insert(number)
    }
    let left = files.filter { !applied.contains($0.number) }
    if let late = left.first(where: { $0.number < newestApplied }) {
      throw PostgresError.migration(.outOfOrder(file: late.name))
    }
    return left
  }
}

/// One numbered SQL file.
struct MigrationFile: Sendable {
  let number: Int
  let name: String
  let sql: String

  /// The folder's migrations by number.
  static func all(in folder: String) throws(PostgresError) -> [MigrationFile] {
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .migration(.unreadable(path: folder))
    }
    var files: [MigrationFile] = []
    for name in entries.sorted() where name.hasSuffix(".sql") && !name.hasPrefix(".") {
      let digits = name.prefix { $0.isASCII && $0.isNumber }
      guard digits.count == 4, name.dropFirst(4).hasPrefix("_"), let number = Int(digits),
        number > 0, number != files.last?.number
      else { throw .migration(.misnamed(file: name)) }
      let path = folder + "/" + name
      guard let sql = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw .migration(.unreadable(path: path))
      }
      files.append(MigrationFile(number: number, name: name, sql: sql))
    }
    return files
  }
}
