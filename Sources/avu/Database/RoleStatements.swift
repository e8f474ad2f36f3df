import ArgumentParser

/// What a role of the database server is for.
enum RoleProfile: String, CaseIterable, ExpressibleByArgument {
  /// Looks at everything and changes nothing: dashboards, `avu status`, `avu report build`.
  case reader

  /// Does jobs and stores their results, but registers no videos and steers nothing: `avu work`.
  case worker

  /// Registers videos and ground truth, queues jobs and steers the queue, but stores no results.
  case submitter
}

/// Least privilege for roles.
enum RoleStatements {
  /// Gives a role what its profile needs, and takes what an earlier profile gave. Later tables can be
  /// looked at; what else is to be done to them is granted when they come (``granted``).
  ///
  /// The search path is set on the role, not only by each session, so that a pooler that shares its
  /// sessions out by transaction can stand between.
  static func grant(
    _ profile: RoleProfile, to name: String, in schema: String, of database: String
  ) -> String {
    let role = quoted(name)
    let schema = quoted(schema)
    let rights = RoleRights.of(profile).map {
      "GRANT \($0.rights) ON \(schema).\($0.table) TO \(role);"
    }
    let sequence =
      profile == .reader ? "" : "GRANT USAGE ON SEQUENCE \(schema).job_id_seq TO \(role);"
    return """
      REVOKE ALL ON ALL TABLES IN SCHEMA \(schema) FROM \(role);
      REVOKE ALL ON ALL SEQUENCES IN SCHEMA \(schema) FROM \(role);
      ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema) REVOKE ALL ON TABLES FROM \(role);
      ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema) REVOKE ALL ON SEQUENCES FROM \(role);
      ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema) GRANT SELECT ON TABLES TO \(role);
      GRANT USAGE ON SCHEMA \(schema) TO \(role);
      GRANT SELECT ON ALL TABLES IN SCHEMA \(schema) TO \(role);
      \(rights.joined(separator: "\n"))
      \(sequence)
      ALTER ROLE \(role) IN DATABASE \(quoted(database)) SET search_path TO \(schema);
      """
  }

  static let look = """
    SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1) AS found,
      current_database() AS database
    """

  /// The roles that were granted a profile in the schema `$1` by whoever asks, with the profile. Only
  /// such roles have rights on tables to come; what sets profiles apart is what they store.
  static let granted = """
    SELECT role.rolname AS name, current_database() AS database, CASE
      WHEN EXISTS (
        SELECT FROM aclexplode(prediction.relacl)
        WHERE grantee = role.oid AND privilege_type = 'INSERT') THEN 'worker'
      WHEN EXISTS (
        SELECT FROM aclexplode(clip.relacl)
        WHERE grantee = role.oid AND privilege_type = 'INSERT') THEN 'submitter'
      ELSE 'reader' END AS profile
    FROM pg_namespace AS schema
    JOIN pg_class AS prediction
      ON prediction.relnamespace = schema.oid AND prediction.relname = 'prediction'
    JOIN pg_class AS clip ON clip.relnamespace = schema.oid AND clip.relname = 'clip'
    JOIN pg_default_acl AS later
      ON later.defaclnamespace = schema.oid AND later.defaclobjtype = 'r'
    JOIN pg_roles AS owner ON owner.oid = later.defaclrole AND owner.rolname = current_user
    JOIN pg_roles AS role ON role.oid IN (SELECT grantee FROM aclexplode(later.defaclacl))
      AND role.oid <> owner.oid
    WHERE schema.nspname = $1
    ORDER BY role.rolname
    """

  private static func quoted(_ name: String) -> String {
    "\"" + name.replacing("\"", with: "\"\"") + "\""
  }
}
