/// What a connection itself says to the server.
enum ConnectionStatements {
  static let setSearchPath = "SELECT set_config('search_path', quote_ident($1), false)"
  static let commit = "COMMIT"
  static let rollback = "ROLLBACK"

  static func listen(_ channel: String) -> String { "LISTEN \(quoted(channel))" }

  static func savepoint(_ depth: Int) -> String { "SAVEPOINT nested_\(depth)" }

  static func release(_ depth: Int) -> String { "RELEASE SAVEPOINT nested_\(depth)" }

  static func rollbackTo(_ depth: Int) -> String {
    "ROLLBACK TO SAVEPOINT nested_\(depth); RELEASE SAVEPOINT nested_\(depth)"
  }

  /// A name as an identifier: LISTEN takes no parameters.
  static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

/// What a transaction sees and may do.
public enum TransactionMode: Sendable {
  /// Reads and writes; each statement sees what was committed before it began.
  case readWrite

  /// Reads one unchanging state of the database.
  case snapshot

  var begin: String {
    switch self {
    case .readWrite: "BEGIN"
    case .snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    }
  }
}
