/// Why the private server cannot be created, started or stopped.
public enum ClusterProblem: Equatable, Sendable {
  /// No PostgreSQL server programs were found; `major` is the version that the data needs.
  case noServerPrograms(major: Int?)

  /// The directory cannot be made, entered or written.
  case directory(path: String, reason: String)

  /// PostgreSQL refuses to run as root, and no way to give up root worked for this directory.
  case rootRefused(path: String)

  /// A server program failed; `output` is its last words.
  case programFailed(program: String, output: String)

  /// Processes of a server that died still hold the data.
  case leftovers(path: String)
}

extension ClusterProblem: CustomStringConvertible {
  /// One sentence that says what to do.
  public var description: String {
    switch self {
    case .noServerPrograms(nil):
      "No PostgreSQL server (13 or newer) is installed; install the package postgresql, "
        + "or set AVU_DATABASE_URL to a server elsewhere."
    case .noServerPrograms(let major?):
      "The private database was made by PostgreSQL \(major), which is not installed; "
        + "install the package postgresql-\(major)."
    case .directory(let path, let reason):
      "The directory \(path) cannot be used for the private database (\(reason)); "
        + "set AVU_HOME to one that you can write to."
    case .rootRefused(let path):
      "PostgreSQL does not run as root, and the user postgres cannot reach \(path); "
        + "set AVU_HOME to a directory such as /var/lib/avu, or run avu as an ordinary user."
    case .programFailed(let program, let output):
      "\(program) of the private database failed: \(output)"
    case .leftovers(let path):
      "Processes of a dead server still use \(path); end them and try again."
    }
  }
}
