import Foundation
public import Postgres

/// A schema of its own on a real server for each test.
///
/// The server is the one of `AVU_TEST_DATABASE_URL`, or a private one that is started with the
/// first test and stopped when the test program ends.
///
/// ```swift
/// try await TestDatabase.withSchema { target in
///   let connection = try await Connection.connect(to: target)
///   …
/// }
/// ```
public enum TestDatabase {
  /// The repository's migrations.
  public static var migrationsFolder: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("migrations").path
  }

  /// Runs `body` with an empty or migrated schema, which is dropped afterwards.
  ///
  /// At most eight schemas are in use at a time, so that tests that run together stay within the
  /// server's connections.
  ///
  /// - Parameters:
  ///   - migrated: Whether the repository's migrations are applied first.
  ///   - isolation: Where `body` runs; leave it out.
  ///   - body: The test; connections to `target` see the schema by unqualified names.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  public static func withSchema<Result: Sendable>(
    migrated: Bool = true, isolation: isolated (any Actor)? = #isolation,
    _ body: (_ target: ConnectionTarget) async throws -> Result
  ) async throws -> Result {
    try await withPlace {
      let server = try await TestServer.shared.target()
      let schema = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
      var target = server
      target.schema = schema
      let keeper = try await Connection.connect(to: server)
      do {
        try await keeper.executeScript("CREATE SCHEMA \(schema)")
        if migrated {
          try await Migrator(folder: migrationsFolder).migrate(schema: schema, on: keeper)
        }
        let result = try await body(target)
        try await drop(schema, on: keeper)
        return result
      } catch {
        try? await drop(schema, on: keeper)
        throw error
      }
    }
  }

  private static func drop(_ schema: String, on keeper: Connection) async throws {
    // A test that failed may have left sessions with locks behind: nothing may wait for them.
    try await keeper.executeScript("SET lock_timeout = '5s'; DROP SCHEMA \(schema) CASCADE")
    await keeper.close()
  }

  private static func withPlace<Result: Sendable>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
  ) async throws -> Result {
    await Places.shared.take()
    do {
      let result = try await body()
      await Places.shared.giveBack()
      return result
    } catch {
      await Places.shared.giveBack()
      throw error
    }
  }
}

/// Counts the schemas in use.
private actor Places {
  static let shared = Places()

  private var free = 8
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func giveBack() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
