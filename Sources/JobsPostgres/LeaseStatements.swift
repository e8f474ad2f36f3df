/// How workers get, keep and lose jobs. All times are the database's.
enum LeaseStatements {
  /// Takes jobs; the function in the schema says what each parameter is.
  static let claim = """
    SELECT * FROM claim_jobs(
      $1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint, $6::bigint, $7::uuid,
      $8::text, $9::float8, $10::boolean, $11::boolean, $12::uuid, $13::boolean)
    """

  /// The worker `$1` on the host `$2` with the process `$3` lives, and holds the jobs `$4` with
  /// the tokens `$5`, which are done to the parts `$6`, for `$7` seconds from now.
  ///
  /// `running` may be full of dead entries: the array is there for its index to be looked into for
  /// these jobs only, whatever the planner thinks. A lease with more than half its time left is not written again unless the job got on. A row
  /// that is locked is being ended: it is neither waited for nor reported. What comes back are the
  /// leases that are lost, in one row at least, for the pauses.
  static let heartbeat = """
    WITH seen AS (
      INSERT INTO worker (id, host, process) VALUES ($1, $2, $3)
      ON CONFLICT (id) DO UPDATE SET seen_at = now()
    ),
    held AS (
      SELECT * FROM unnest($4::bigint[], $5::bigint[], $6::real[]) AS held (job, token, progress)
    ),
    alive AS (
      SELECT running.job_id, held.progress
      FROM running JOIN held ON held.job = running.job_id AND held.token = running.token
      WHERE running.job_id = ANY ($4::bigint[]) AND (
        running.progress <> held.progress
        OR lease_until < now() + make_interval(secs => $7) / 2)
      ORDER BY running.job_id
      FOR UPDATE OF running SKIP LOCKED
    ),
    renewed AS (
      UPDATE running SET lease_until = now() + make_interval(secs => $7),
        progress = alive.progress
      FROM alive WHERE running.job_id = alive.job_id
    )
    SELECT lost.job, lost.token, lost.is_cancelled,
      coalesce((SELECT json_agg(kind) FROM pause WHERE group_name = ''), '[]') AS paused,
      (SELECT min(extract(epoch FROM every) / starts)::float8 FROM job_limit) AS pace,
      (SELECT max(number) FROM schema_migration) AS schema_version
    FROM (VALUES (1)) AS always (one)
    LEFT JOIN (
      SELECT held.job, held.token, EXISTS (
        SELECT FROM finished WHERE finished.job_id = held.job AND state = 'cancelled'
      ) AS is_cancelled
      FROM held LEFT JOIN running
        ON running.job_id = held.job AND running.job_id = ANY ($4::bigint[])
      WHERE running.token IS DISTINCT FROM held.token
    ) AS lost ON true
    """

  /// The leases with the tokens `$1`.
  static let held = "SELECT job_id, token FROM running WHERE token = ANY ($1::bigint[])"

  /// Leases that ran out. After a start of the server, workers get `$1` seconds to come back
  /// before anything is taken from them. At most `$2`.
  static let expired = """
    SELECT job_id, token, running.host, \(EndingStatements.strikes)
    FROM running JOIN job ON job.id = running.job_id LEFT JOIN setback USING (job_id)
    JOIN policy_in_force AS policy ON policy.kind_id = running.kind_id
    WHERE lease_until < now()
      AND pg_postmaster_start_time() < now() - make_interval(secs => $1)
    ORDER BY job_id
    LIMIT $2::bigint
    FOR UPDATE OF running SKIP LOCKED
    """

  /// Forgets workers of which nothing was heard for an hour, and those who sleep: they come back with
  /// their next claim; takes lanes back that nothing asks for. Tells whether leases ran out; nearly
  /// always there is nothing more to do.
  static let tidy = """
    WITH gone AS (DELETE FROM worker WHERE seen_at < now() - interval '1 hour'),
    awake AS (DELETE FROM sleeper WHERE since < now() - interval '10 minutes')
    SELECT EXISTS (SELECT FROM running WHERE lease_until < now()) AS is_expired
    FROM take_lanes()
    """

  static let forgetWorker = "DELETE FROM worker WHERE id = $1"

  static let fallAsleep = "INSERT INTO sleeper (id) VALUES ($1) ON CONFLICT DO NOTHING"

  static let wakeUp = "DELETE FROM sleeper WHERE id = $1"

  static let schema = "SELECT current_schema() AS schema"

  /// Whether no job of the kinds `$1` waits or runs.
  static let isDrained = """
    WITH wanted AS MATERIALIZED (SELECT id FROM job_kind WHERE name = ANY ($1::text[]))
    SELECT NOT EXISTS (SELECT FROM ready JOIN wanted ON wanted.id = ready.kind_id)
      AND NOT EXISTS (SELECT FROM delayed JOIN wanted ON wanted.id = delayed.kind_id)
      AND NOT EXISTS (SELECT FROM running JOIN wanted ON wanted.id = running.kind_id)
      AND NOT EXISTS (
        SELECT FROM job_array JOIN wanted ON wanted.id = kind_id
        WHERE reached < size AND NOT is_cancelled AND after_id IS NULL)
      AS is_drained
    """
}
