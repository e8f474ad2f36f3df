import Foundation

/// Where a database is and how a session in it begins.
public struct ConnectionTarget: Hashable, Sendable {
  /// How the server is reached.
  public enum Address: Hashable, Sendable {
    /// A `postgres://` or `postgresql://` URL, or libpq's `key=value` text.
    case url(String)

    /// The socket in a directory.
    case socket(directory: String, database: String, user: String)
  }

  /// How the server is reached.
  public var address: Address

  /// The schema that unqualified names mean; nil leaves the server's own search path.
  ///
  /// It is set once, right after connecting. A pooler in transaction mode gives every transaction
  /// whichever server session is free, with the path that some client set last: leave this nil
  /// there and set the path on the role (`ALTER ROLE … SET search_path`).
  public var schema: String?

  /// What `pg_stat_activity` shows.
  public var applicationName: String

  /// How long opening a session may take, in seconds.
  public var connectSeconds: Double

  /// Names a database.
  ///
  /// - Parameters:
  ///   - address: How the server is reached.
  ///   - schema: The schema that unqualified names mean.
  ///   - applicationName: What `pg_stat_activity` shows.
  ///   - connectSeconds: How long opening a session may take.
  public init(
    _ address: Address, schema: String? = nil, applicationName: String = "avu",
    connectSeconds: Double = 10
  ) {
    self.address = address
    self.schema = schema
    self.applicationName = applicationName
    self.connectSeconds = connectSeconds
  }

  /// Libpq's parameters.
  var parameters: [(name: String, value: String)] {
    let place: [(String, String)] =
      switch address {
      case .url(let url): [("dbname", url)]
      case .socket(let directory, let database, let user):
        // The port is said, so that PGPORT has no say.
        [("host", directory), ("port", "5432"), ("dbname", database), ("user", user)]
      }
    return place + [
      ("fallback_application_name", applicationName), ("client_encoding", "UTF8"),
      // A peer that vanished without a word is noticed within about half a minute.
      ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
      ("tcp_user_timeout", "30000"),
    ]
  }
}

extension ConnectionTarget: CustomStringConvertible {
  /// The address without a password.
  public var description: String {
    switch address {
    case .socket(let directory, let database, _): "\(database) at \(directory)"
    case .url(let url): Self.withoutPassword(url)
    }
  }

  private static func withoutPassword(_ url: String) -> String {
    guard let scheme = url.range(of: "://") else {
      let words = url.split(separator: " ").filter { !$0.hasPrefix("password") }
      return words.joined(separator: " ")
    }
    let rest = url[scheme.upperBound...]
    let place = rest.prefix { $0 != "?" }
    guard let at = place.lastIndex(of: "@") else { return String(url[..<place.endIndex]) }
    let user = place[..<at].prefix { $0 != ":" }
    return String(url[..<scheme.upperBound]) + user + place[at...]
  }
}
