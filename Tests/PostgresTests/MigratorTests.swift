import Foundation
import Testing
import TestSupport

@testable import Postgres

@Suite struct MigratorTests {
  /// A folder with two good migrations.
  private func withFolder(_ body: (URL, Migrator) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try write("CREATE TABLE a (id int); INSERT INTO a VALUES (1);", "0001_a.sql", in: folder)
    try write("CREATE TABLE b (id int);", "0002_b.sql", in: folder)
    try await body(folder, Migrator(folder: folder.path))
  }

  private func write(_ sql: String, _ name: String, in folder: URL) throws {
    try Data(sql.utf8).write(to: folder.appendingPathComponent(name))
  }

  private func onSchema(
    _ body: (URL, Migrator, _ schema: String, Connection) async throws -> Void
  ) async throws {
    try await withFolder { folder, migrator in
      try await TestDatabase.withSchema(migrated: false) { target in
        let connection = try await Connection.connect(to: target)
        try await body(folder, migrator, target.schema ?? "", connection)
        await connection.close()
      }
    }
  }

  @Test func `files are applied once and in order`() async throws {
    try await onSchema { _, migrator, schema, connection in
      let before = try await migrator.pending(schema: schema, on: connection)
      #expect(before == ["0001_a.sql", "0002_b.sql"])
      let first = try await migrator.migrate(schema: schema, on: connection)
      #expect(first == ["0001_a.sql", "0002_b.sql"])
      let second = try await migrator.migrate(schema: schema, on: connection)
      #expect(second.isEmpty)
      let after = try await migrator.pending(schema: schema, on: connection)
      #expect(after.isEmpty)
      let rows = try await connection.query("SELECT FROM a")
      #expect(rows.count == 1)
    }
  }

  @Test func `a schema with an odd name is created`() async throws {
    try await onSchema { _, migrator, schema, connection in
      let odd = schema + " \"odd'"
      try await migrator.migrate(schema: odd, on: connection)
      let rows = try await connection.query(
        "SELECT FROM pg_tables WHERE schemaname = $1", [.text(odd)])
      #expect(rows.count == 3)
      try await connection.executeScript("DROP SCHEMA \(ConnectionStatements.quoted(odd)) CASCADE")
    }
  }

  @Test func `migrators that start together share the work`() async throws {
    try await withFolder { _, migrator in
      try await TestDatabase.withSchema(migrated: false) { target in
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
          for _ in 0..<4 {
            group.addTask {
              let connection = try await Connection.connect(to: target)
              let names = try await migrator.migrate(
                schema: target.schema ?? "", on: connection)
              await connection.close()
              return names
            }
          }
          return try await group.reduce([], +)
        }
        #expect(applied.sorted() == ["0001_a.sql", "0002_b.sql"])
      }
    }
  }

  @Test func `a changed file is refused`() async throws {
    try await onSchema { folder, migrator, schema, connection in
      try await migrator.migrate(schema: schema, on: connection)
      try write("CREATE TABLE other (id int);", "0001_a.sql", in: folder)
      await #expect(throws: PostgresError.migration(.changed(file: "0001_a.sql"))) {
        try await migrator.migrate(schema: schema, on: connection)
      }
    }
  }

  @Test func `a missing file is refused`() async throws {
    try await onSchema { folder, migrator, schema, connection in
      try await migrator.migrate(schema: schema, on: connection)
      try FileManager.default.removeItem(at: folder.appendingPathComponent("0001_a.sql"))
      await #expect(throws: PostgresError.migration(.missing(file: "0001_a.sql"))) {
        try await migrator.migrate(schema: schema, on: connection)
      }
    }
  }

  @Test func `a database of a newer program is refused`() async throws {
    try await onSchema { folder, migrator, schema, connection in
      try await migrator.migrate(schema: schema, on: connection)
      try FileManager.default.removeItem(at: folder.appendingPathComponent("0002_b.sql"))
      await #expect(throws: PostgresError.migration(.databaseNewer(version: 2, newestKnown: 1))) {
        try await migrator.migrate(schema: schema, on: connection)
      }
    }
  }

  @Test func `a file that comes too late is refused`() async throws {
    try await onSchema { folder, migrator, schema, connection in
      try write("CREATE TABLE c (id int);", "0009_c.sql", in: folder)
      try await migrator.migrate(schema: schema, on: connection)
      try write("CREATE TABLE d (id int);", "0005_d.sql", in: folder)
      await #expect(throws: PostgresError.migration(.outOfOrder(file: "0005_d.sql"))) {
        try await migrator.migrate(schema: schema, on: connection)
      }
    }
  }

  @Test func `a file that fails keeps what came before it and nothing of itself`() async throws {
    try await onSchema { folder, migrator, schema, connection in
      try write("CREATE TABLE c (id int); SELECT nonsense;", "0003_c.sql", in: folder)
      let error = await #expect(throws: PostgresError.self) {
        try await migrator.migrate(schema: schema, on: connection)
      }
      guard case .migration(.failed("0003_c.sql", _)) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      let left = try await migrator.pending(schema: schema, on: connection)
      #expect(left == ["0003_c.sql"])
      let found = try await connection.query("SELECT to_regclass('c') IS NULL AS gone")
      #expect(found[0].values == ["t"])
    }
  }

  @Test func `a file with a bad name is refused`() async throws {
    try await onSchema { folder, migrator, schema, connection in
      try write("SELECT 1;", "0002_twice.sql", in: folder)
      await #expect(throws: PostgresError.migration(.misnamed(file: "0002_twice.sql"))) {
        try await migrator.migrate(schema: schema, on: connection)
      }
    }
  }

  @Test func `a folder that is not there is named`() async throws {
    try await onConnection { connection in
      await #expect(throws: PostgresError.migration(.unreadable(path: "/nowhere"))) {
        try await Migrator(folder: "/nowhere").migrate(schema: "x", on: connection)
      }
    }
  }
}
