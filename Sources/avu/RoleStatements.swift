import ArgumentParser

/// What a role of the database server is for.
enum RoleProfile: String, CaseIterable, ExpressibleByArgument {
  /// Looks at everything and changes nothing: dashboards, `avu status`, `avu report build`.
  case reader

  /// Does jobs and stores their results, but registers no videos: `avu work`.
  case worker

  /// Registers videos and ground truth, queues jobs and steers the queue, but stores no results.
  case submitter
}

/// Least privilege for roles.
enum RoleStatements {
  /// What only its migrations write.
  private static let record = ["schema_migration"]

  private static func untouched(by profile: RoleProfile) -> [String] {
    switch profile {
    case .reader: []
    case .worker: record + ["collection", "clip", "video", "truth"]
    case .submitter: record + ["prediction"]
    }
  }

  /// Gives a role what its profile needs, and takes what an earlier profile gave. Tables of later
  /// migrations are included.
  ///
  /// The search path is set on the role, not only by each session, so that a pooler that shares its
  /// sessions out by transaction can stand between.
  static func grant(
    _ profile: RoleProfile, to name: String, in schema: String, of database: String
  ) -> String {
    let role = quoted(name)
    let schema = quoted(schema)
    let rights = profile == .reader ? "SELECT" : "SELECT, INSERT, UPDATE, DELETE"
    let narrowing = untouched(by: profile).map {
      "REVOKE INSERT, UPDATE, DELETE ON \(schema).\($0) FROM \(role);"
    }
    return """
      REVOKE ALL ON ALL TABLES IN SCHEMA \(schema) FROM \(role);
      ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema) REVOKE ALL ON TABLES FROM \(role);
      GRANT USAGE ON SCHEMA \(schema) TO \(role);
      GRANT \(rights) ON ALL TABLES IN SCHEMA \(schema) TO \(role);
      ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema) GRANT \(rights) ON TABLES TO \(role);
      \(profile == .reader ? "REVOKE" : "GRANT") USAGE ON ALL SEQUENCES IN SCHEMA \(schema)
        \(profile == .reader ? "FROM" : "TO") \(role);
      ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema)
        \(profile == .reader ? "REVOKE" : "GRANT") USAGE ON SEQUENCES
        \(profile == .reader ? "FROM" : "TO") \(role);
      \(narrowing.joined(separator: "\n"))
      ALTER ROLE \(role) IN DATABASE \(quoted(database)) SET search_path TO \(schema);
      """
  }

  static let look = """
    SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1) AS found,
      current_database() AS database
    """

  private static func quoted(_ name: String) -> String {
    "\"" + name.replacing("\"", with: "\"\"") + "\""
  }
}
