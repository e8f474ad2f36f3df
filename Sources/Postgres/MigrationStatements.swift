/// What the migrator says to the server.
enum MigrationStatements {
  static let lock = """
    SELECT pg_advisory_xact_lock(hashtextextended('avu migrations of ' || $1, 0))
    """

  static func createSchema(_ name: String) -> String {
    "CREATE SCHEMA IF NOT EXISTS \(ConnectionStatements.quoted(name))"
  }

  static let enter = "SELECT set_config('search_path', quote_ident($1), true)"

  static let recordExists = """
    SELECT EXISTS (
      SELECT FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'schema_migration'
    ) AS found
    """

  static let createRecord = """
    CREATE TABLE IF NOT EXISTS schema_migration (
      number integer PRIMARY KEY,
      name text NOT NULL,
      sha256 text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )
    """

  /// `same` is null when there is no such file any more.
  static let compare = """
    SELECT done.number, done.name,
      done.sha256 = encode(sha256(convert_to(file.sql, 'UTF8')), 'hex') AS same
    FROM schema_migration AS done
    LEFT JOIN unnest($1::bigint[], $2::text[]) AS file (number, sql) USING (number)
    ORDER BY done.number DESC
    """

  static let record = """
    INSERT INTO schema_migration (number, name, sha256)
    VALUES ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'))
    """
}
