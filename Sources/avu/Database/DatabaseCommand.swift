import ArgumentParser
import Postgres

/// The private PostgreSQL and the schema.
struct DatabaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "db", abstract: "Start, stop, look at and migrate the database.",
    discussion: """
      Without AVU_DATABASE_URL avu keeps a PostgreSQL server of its own under AVU_HOME, which \
      listens on a Unix socket only. Commands start it when they need it; it goes on running. \
      AVU_SCHEMA keeps collections apart in one database: each schema has clips, results and a \
      queue of its own.

      EXAMPLES:
        avu db status
        avu db stop
        AVU_DATABASE_URL=postgres://avu@db.example.org/avu avu db migrate
        AVU_SCHEMA=trial avu submit videos/ --collection first
      """,
    subcommands: [Start.self, Stop.self, Status.self, Size.self, Migrate.self, Grant.self])

  struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Start the private server and bring its schema up to date.")

    func run() async throws {
      let settings = try Settings.load()
      try DatabaseCommand.requirePrivate(settings)
      let session = try await DatabaseSession.open(settings)
      await session.pool.close()
      Console.print("The database runs under \(settings.home).")
    }
  }

  struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stop the private server; work in progress is rolled back and done again later.")

    func run() async throws {
      let settings = try Settings.load()
      try DatabaseCommand.requirePrivate(settings)
      let ran = try await PrivateCluster(home: settings.home).stop()
      Console.print(ran ? "The database has stopped." : "The database was not running.")
    }
  }

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say where the database is and whether it can be reached.")

    @Flag(help: "Print a JSON document instead of text.")
    var json = false

    func run() async throws {
      let settings = try Settings.load()
      let report = try await DatabaseReport.of(settings)
      if json { try Console.print(json: report) } else { Console.print(report.sentence) }
      if !report.isRunning { throw ExitStatus.failed.exitCode }
    }
  }

  struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Bring the schema up to date, and the rights of roles of avu db grant with it.")

    func run() async throws {
      let settings = try Settings.load()
      let connection = try await Connection.connect(to: try await DatabaseSession.target(settings))
      let applied = try await DatabaseSession.migrate(
        settings, on: connection, grantsAnyway: true)
      await connection.close()
      Console.print(
        applied.isEmpty
          ? "The schema is up to date." : "Applied \(applied.joined(separator: ", ")).")
    }
  }

  struct Grant: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let a role of the server do its part, and nothing else.",
      discussion: """
        The role exists already (CREATE ROLE … LOGIN). Run this as the owner of the schema. Where a \
        later version needs other rights, its avu db migrate grants them. A reader looks at \
        everything; a worker does jobs and stores results; a submitter registers videos, queues \
        and steers.

        EXAMPLES:
          avu db grant avu_worker --as worker
          avu db grant dashboard --as reader
        """)

    @Argument(help: "The role.")
    var role: String

    @Option(name: .customLong("as"), help: "What it is for.")
    var profile: RoleProfile

    func run() async throws {
      let settings = try Settings.load()
      try await DatabaseSession.with(settings, connections: 1) { session in
        try await session.pool.withTransaction { transaction in
          let facts = try await transaction.query(RoleStatements.look, [.text(role)]).first
          guard let facts, try facts.decode("found", as: Bool.self) else {
            throw CommandError.missing(
              what: "The server has no role “\(role.printable)”",
              remedy: "make one with CREATE ROLE … LOGIN first")
          }
          try await transaction.executeScript(
            RoleStatements.grant(
              profile, to: role, in: settings.schema,
              of: try facts.decode("database", as: String.self)))
        }
      }
      Console.print("\(role.printable) is a \(profile.rawValue) now.")
    }
  }

  private static func requirePrivate(_ settings: Settings) throws {
    guard settings.databaseURL == nil else {
      throw CommandError.option(
        name: "AVU_DATABASE_URL",
        reason: "it names a server that avu does not manage; unset it to use the private one")
    }
  }
}

/// What there is of a database.
private struct DatabaseReport: Encodable {
  let kind: String
  let place: String
  let isRunning: Bool
  let pending: [String]

  var sentence: String {
    guard isRunning else { return "\(place) is not running; avu db start starts it." }
    return "\(place) is running; "
      + (pending.isEmpty
        ? "its schema is up to date." : "\(pending.count) migrations are to be applied.")
  }

  static func of(_ settings: Settings) async throws -> DatabaseReport {
    guard settings.databaseURL == nil else {
      let target = try await DatabaseSession.target(settings)
      return DatabaseReport(
        kind: "server", place: "The database \(target)", isRunning: true,
        pending: try await pending(settings, target))
    }
    let cluster = PrivateCluster(home: settings.home)
    let place = "The private database under \(settings.home)"
    guard case .running = cluster.status() else {
      return DatabaseReport(kind: "private", place: place, isRunning: false, pending: [])
    }
    let target = try await DatabaseSession.target(settings)
    return DatabaseReport(
      kind: "private", place: place, isRunning: true, pending: try await pending(settings, target))
  }

  private static func pending(
    _ settings: Settings, _ target: ConnectionTarget
  ) async throws -> [String] {
    let connection = try await Connection.connect(to: target)
    let pending = try await Migrator(folder: settings.share + "/migrations").pending(
      schema: settings.schema, on: connection)
    await connection.close()
    return pending
  }

  private enum CodingKeys: String, CodingKey {
    case kind, place, pending
    case isRunning = "is_running"
  }
}
