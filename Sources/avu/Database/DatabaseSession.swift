import JobsPostgres
import Postgres

/// The database as commands use it: opened, up to date, with the queue in it.
struct DatabaseSession: Sendable {
  /// Connections for everything.
  let pool: ConnectionPool

  /// The queue.
  let queue: PostgresJobQueue

  /// Opens the database of `AVU_DATABASE_URL`, or else starts the private one; brings the schema
  /// up to date.
  ///
  /// - Parameters:
  ///   - settings: Where the database is.
  ///   - connections: The most connections at a time.
  ///   - patience: How long each use keeps trying while the server, once opened, is out of reach.
  /// - Returns: The open database.
  /// - Throws: `PostgresError`.
  static func open(
    _ settings: Settings, connections: Int = 4, patience: Duration = .seconds(15)
  ) async throws -> DatabaseSession {
    let target = try await target(settings)
    let connection = try await Connection.connect(to: target)
    _ = try await migrate(settings, on: connection)
    await connection.close()
    let pool = ConnectionPool(target: target, size: connections, patience: patience)
    return DatabaseSession(pool: pool, queue: PostgresJobQueue(pool: pool))
  }

  /// Opens the database, runs `body`, and closes it again.
  static func with<Result: Sendable>(
    _ settings: Settings, connections: Int = 4, _ body: (DatabaseSession) async throws -> Result
  ) async throws -> Result {
    let session = try await open(settings, connections: connections)
    do {
      let result = try await body(session)
      await session.pool.close()
      return result
    } catch {
      await session.pool.close()
      throw error
    }
  }

  /// Brings the schema up to date, and what roles may do in it.
  ///
  /// - Parameters:
  ///   - settings: Where the schema is.
  ///   - connection: An idle connection.
  ///   - grantsAnyway: Whether roles are looked after when nothing was to be applied, too.
  /// - Returns: The migrations that were applied.
  /// - Throws: `PostgresError`.
  static func migrate(
    _ settings: Settings, on connection: Connection, grantsAnyway: Bool = false
  ) async throws -> [String] {
    let applied = try await Migrator(folder: settings.share + "/migrations").migrate(
      schema: settings.schema, on: connection)
    guard grantsAnyway || !applied.isEmpty else { return applied }
    try await connection.transaction { transaction in
      for row in try await transaction.query(RoleStatements.granted, [.text(settings.schema)]) {
        guard let profile = RoleProfile(rawValue: try row.decode("profile")) else { continue }
        try await transaction.executeScript(
          RoleStatements.grant(
            profile, to: try row.decode("name"), in: settings.schema,
            of: try row.decode("database")))
      }
    }
    return applied
  }

  /// Where the database is; starts the private one when it is meant and does not run.
  static func target(_ settings: Settings) async throws -> ConnectionTarget {
    var target: ConnectionTarget
    if let url = settings.databaseURL {
      target = ConnectionTarget(.url(url))
    } else {
      target = try await PrivateCluster(home: settings.home).start()
    }
    target.schema = settings.schema
    return target
  }
}
