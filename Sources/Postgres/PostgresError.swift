/// What can go wrong between the program and PostgreSQL.
public enum PostgresError: Error, Equatable, Sendable {
  /// No session could be opened; `target` never contains a password.
  case connectionFailed(target: String, reason: String)

  /// The session broke: what was open is rolled back. When it broke during a commit, the commit
  /// may or may not have happened.
  case connectionLost

  /// The server refused a statement; `sqlstate` is its five-character code.
  case server(sqlstate: String, message: String, detail: String?, constraint: String?)

  /// The server is older than ``Connection/oldestServer``.
  case serverTooOld(version: String)

  /// A commit was asked for after a statement of the transaction had failed; it is rolled back.
  case transactionAborted

  /// A statement or its parameters cannot be sent.
  case unsendable(reason: String)

  /// A result has no such column.
  case missingColumn(String)

  /// A column is null where a value is needed.
  case unexpectedNull(column: String)

  /// A column holds something else than asked for; `found` is cut to 40 characters.
  case unreadable(column: String, expected: String, found: String)

  /// The pool was closed.
  case poolClosed

  /// The schema cannot be brought up to date.
  case migration(MigrationProblem)

  /// The private server cannot be created, started or stopped.
  case cluster(ClusterProblem)
}

extension PostgresError {
  /// Whether the same call may succeed a moment later, after connecting again.
  ///
  /// True for a lost or refused connection, a server that starts or stops, a serialisation
  /// failure, a deadlock, a lock that was not available, and a lack of resources.
  public var isTransient: Bool {
    switch self {
    case .connectionFailed, .connectionLost: true
    case .server(let state, _, _, _):
      state.hasPrefix("08") || state.hasPrefix("53")
        || ["40001", "40P01", "55P03", "57P01", "57P02", "57P03"].contains(state)
    default: false
    }
  }

  /// Whether the server took a transaction back only because it and others were in each other's way.
  public var isConflict: Bool {
    if case .server("40001", _, _, _) = self { return true }
    if case .server("40P01", _, _, _) = self { return true }
    return false
  }

  /// Whether the server refused a row because of a unique constraint.
  public var isUniqueViolation: Bool {
    if case .server("23505", _, _, _) = self { true } else { false }
  }
}

extension PostgresError: CustomStringConvertible {
  /// One sentence that says what failed and what to do.
  public var description: String {
    switch self {
    case .connectionFailed(let target, let reason):
      "The database \(target) cannot be reached (\(reason)); "
        + "check that its server runs and that address, user and password in AVU_DATABASE_URL or "
        + "avu.yaml are right; without an address avu has a private server (avu db start)."
    case .connectionLost:
      "The connection to the database broke; it is safe to try again."
    case .server("42501", let message, _, _):
      "PostgreSQL refused: \(message); the owner of the schema lets a role do more by avu db grant "
        + "(or avu db migrate, when it could before) [42501]."
    case .server(let state, let message, let detail, _):
      "PostgreSQL refused: \(message)\(detail.map { " (\($0))" } ?? "") [\(state)]."
    case .serverTooOld(let version):
      "The server is PostgreSQL \(version); version 13 or newer is needed."
    case .transactionAborted:
      "A statement of the transaction failed, so nothing of it was kept."
    case .unsendable(let reason): "The statement cannot be sent: \(reason)."
    case .missingColumn(let name): "The result has no column “\(name)”."
    case .unexpectedNull(let column): "Column “\(column)” is null where a value is needed."
    case .unreadable(let column, let expected, let found):
      "Column “\(column)” holds “\(found)” where \(expected) is needed."
    case .poolClosed: "The connection pool is closed."
    case .migration(let problem): problem.description
    case .cluster(let problem): problem.description
    }
  }
}
