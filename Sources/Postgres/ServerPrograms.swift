import Foundation

/// The programs of an installed PostgreSQL server.
struct ServerPrograms {
  let directory: String
  let major: Int

  var initdb: String { directory + "/initdb" }
  var pgCtl: String { directory + "/pg_ctl" }

  /// The newest installed server that works, or the one that data of a given version needs.
  static func find(major: Int?) throws(PostgresError) -> ServerPrograms {
    let found = candidates().compactMap(inspect).filter {
      $0.major >= Connection.oldestServer / 10_000
    }
    let fitting = found.filter { major == nil || $0.major == major }
    guard let best = fitting.max(by: { $0.major < $1.major }) else {
      throw .cluster(.noServerPrograms(major: major))
    }
    return best
  }

  /// Debian's and Red Hat's places, then the search path.
  private static func candidates() -> [String] {
    let files = FileManager.default
    let debian = ((try? files.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? [])
      .map { "/usr/lib/postgresql/\($0)/bin" }
    let redHat = ((try? files.contentsOfDirectory(atPath: "/usr")) ?? [])
      .filter { $0.hasPrefix("pgsql-") }.map { "/usr/\($0)/bin" }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return debian + redHat + path.split(separator: ":").map(String.init)
  }

  private static func inspect(_ directory: String) -> ServerPrograms? {
    let needed = ["initdb", "pg_ctl", "postgres"]
    guard
      needed.allSatisfy({
        FileManager.default.isExecutableFile(atPath: directory + "/" + $0)
      })
    else { return nil }
    // "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"
    let said = ChildProcess.run([directory + "/postgres", "--version"], in: "/")
    let words = said.output.split(separator: " ")
    guard said.succeeded, words.count >= 3, let major = Int(words[2].prefix { $0.isNumber }) else {
      return nil
    }
    return ServerPrograms(directory: directory, major: major)
  }
}
