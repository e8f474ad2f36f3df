/// How jobs get into the queue.
enum EnqueueStatements {
  static let createIncoming = """
    CREATE TEMPORARY TABLE incoming_job (
      place bigint NOT NULL,
      kind text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      payload json NOT NULL,
      group_name text NOT NULL,
      priority integer NOT NULL,
      max_errors integer NOT NULL
    ) ON COMMIT DROP
    """

  static let copyIncoming = """
    COPY incoming_job (place, kind, key, payload, group_name, priority, max_errors) FROM STDIN
    """

  static let addIncoming = add(from: "incoming_job")

  static let dropIncoming = "DROP TABLE incoming_job"

  /// Counts the new jobs before the commit. A vacuum meanwhile counted none of them; it cannot come
  /// between this and the commit, because their locks exclude each other.
  static let analyze = "ANALYZE job"

  /// A few jobs, as one array for each column.
  static let addFew = add(
    from: """
      unnest(
        $1::bigint[], $2::text[], $3::text[], $4::json[], $5::text[], $6::integer[], $7::integer[]
      ) AS few (place, kind, key, payload, group_name, priority, max_errors)
      """)

  /// Tells idle workers of this schema that there may be something to claim.
  static let ring = "SELECT pg_notify('avu_jobs', current_schema())"

  /// Ids follow the order of submission, while rows go in by key, so that two submissions of the
  /// same jobs wait for each other instead of blocking each other.
  private static func add(from source: String) -> String {
    """
    WITH numbered AS MATERIALIZED (
      SELECT nextval((SELECT pg_get_serial_sequence('job', 'id')::regclass)) AS id, ordered.*
      FROM (SELECT * FROM \(source) ORDER BY place) AS ordered
    )
    INSERT INTO job (id, kind, key, payload, group_name, priority, max_errors)
    SELECT id, kind, key, payload, group_name, priority, max_errors FROM numbered
    ORDER BY kind COLLATE "C", key COLLATE "C", id
    ON CONFLICT (kind, key) DO NOTHING
    """
  }
}
