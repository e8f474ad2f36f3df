/// How workers get, keep and lose jobs. All times are the database's.
enum LeaseStatements {
  /// Up to `$2` jobs of the kinds `$1`, with the token `$3`, for the worker `$4` on the host `$5`,
  /// for `$6` seconds.
  ///
  /// The index of waiting jobs is to be walked in its order, for as many jobs as are wanted. Two
  /// things keep PostgreSQL from sorting the whole backlog instead when it believes that few jobs
  /// are left: kinds that are not paused are found first, not job by job; and `kind || ''` offers
  /// no other index.
  static let claim = """
    WITH next AS MATERIALIZED (
      SELECT job.id FROM job
      WHERE job.state = 'waiting' AND job.not_before <= now() AND job.kind || '' = ANY (ARRAY(
          SELECT wanted.kind FROM unnest($1::text[]) AS wanted (kind)
          WHERE NOT EXISTS (SELECT FROM pause WHERE pause.kind IN ('', wanted.kind))))
      ORDER BY job.priority DESC, job.not_before, job.id
      LIMIT $2::bigint
      FOR UPDATE OF job SKIP LOCKED
    )
    UPDATE job SET state = 'running', attempts = attempts + 1, token = $3, worker = $4, host = $5,
      started_at = now(), lease_until = now() + make_interval(secs => $6), progress = 0
    FROM next WHERE job.id = next.id
    RETURNING job.id, job.kind, job.key, job.group_name, job.payload, job.attempts, job.priority,
      job.not_before
    """

  /// The worker `$1` on the host `$2` with the process `$3` lives, and holds the jobs `$4` with
  /// the tokens `$5`, which are done to the parts `$6`, for `$7` seconds from now.
  ///
  /// A row that is locked is being ended: it is neither waited for nor reported. What comes back
  /// are the leases that are lost, in one row at least, for the pause.
  static let heartbeat = """
    WITH seen AS (
      INSERT INTO worker (id, host, process) VALUES ($1, $2, $3)
      ON CONFLICT (id) DO UPDATE SET seen_at = now()
    ),
    held AS (
      SELECT * FROM unnest($4::bigint[], $5::bigint[], $6::float8[]) AS held (job, token, progress)
    ),
    alive AS (
      SELECT job.id, held.progress FROM job JOIN held ON held.job = job.id AND held.token = job.token
      ORDER BY job.id
      FOR UPDATE OF job SKIP LOCKED
    ),
    renewed AS (
      UPDATE job SET lease_until = now() + make_interval(secs => $7), progress = alive.progress
      FROM alive WHERE job.id = alive.id
    )
    SELECT lost.job, lost.token, lost.state,
      EXISTS (SELECT FROM pause WHERE pause.kind = '') AS is_paused
    FROM (VALUES (1)) AS always (one)
    LEFT JOIN (
      SELECT held.job, held.token, job.state FROM held LEFT JOIN job ON job.id = held.job
      WHERE job.token IS DISTINCT FROM held.token
    ) AS lost ON true
    """

  /// Leases that ran out. After a start of the server, workers get `$1` seconds to come back
  /// before anything is taken from them. At most `$2`.
  static let expired = """
    SELECT id, token, host, errors, deaths, interruptions, max_errors FROM job
    WHERE state = 'running' AND lease_until < now()
      AND pg_postmaster_start_time() < now() - make_interval(secs => $1)
    ORDER BY id
    LIMIT $2::bigint
    FOR UPDATE SKIP LOCKED
    """

  /// Forgets workers of which nothing was heard for an hour.
  static let forgetWorkers = "DELETE FROM worker WHERE seen_at < now() - interval '1 hour'"

  static let forgetWorker = "DELETE FROM worker WHERE id = $1"

  static let schema = "SELECT current_schema() AS schema"

  /// Whether no job of the kinds `$1` waits or runs; looks at those that do, not at all of a kind.
  static let isDrained = """
    SELECT NOT EXISTS (SELECT FROM job WHERE state = 'waiting' AND kind || '' = ANY ($1::text[]))
      AND NOT EXISTS (SELECT FROM job WHERE state = 'running' AND kind || '' = ANY ($1::text[]))
      AS is_drained
    """
}
