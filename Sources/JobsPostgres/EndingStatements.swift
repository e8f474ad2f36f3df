/// How attempts end. Whatever ends one names the job and the token.
enum EndingStatements {
  /// Ends attempts, given as one array for each column; writes them down, and returns the jobs
  /// whose lease still held.
  ///
  /// `$1` job, `$2` token, `$3` state of the job from now on, `$4` outcome, `$5` message, `$6`
  /// seconds to wait, `$7` errors, `$8` deaths, `$9` interruptions. Null leaves what is there.
  static let end = """
    WITH verdict AS (
      SELECT * FROM unnest(
        $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::float8[],
        $7::integer[], $8::integer[], $9::integer[]
      ) AS verdict (job, token, state, outcome, message, pause, errors, deaths, interruptions)
    ),
    held AS MATERIALIZED (
      SELECT job.id, job.token, job.attempts, job.host, job.started_at
      FROM job JOIN verdict ON verdict.job = job.id AND verdict.token = job.token
      ORDER BY job.id
      FOR UPDATE OF job
    ),
    freed AS (
      UPDATE job SET state = verdict.state, \(noLease),
        finished_at = CASE WHEN verdict.state <> 'waiting' THEN now() END,
        not_before = coalesce(now() + make_interval(secs => verdict.pause), not_before),
        errors = coalesce(verdict.errors, job.errors),
        deaths = coalesce(verdict.deaths, job.deaths),
        interruptions = coalesce(verdict.interruptions, job.interruptions),
        failure_kind = CASE WHEN verdict.message IS NULL THEN failure_kind ELSE outcome END,
        failure_message = coalesce(verdict.message, failure_message)
      FROM held JOIN verdict ON verdict.job = held.id
      WHERE job.id = held.id
    )
    INSERT INTO attempt (job_id, number, token, host, started_at, outcome, message)
    SELECT held.id, held.attempts, held.token, held.host, held.started_at, verdict.outcome,
      verdict.message
    FROM held JOIN verdict ON verdict.job = held.id
    RETURNING job_id
    """

  /// What counts against a job that is held, and keeps everybody else from it.
  static let lockHeld = """
    SELECT errors, deaths, interruptions, max_errors FROM job WHERE id = $1 AND token = $2
    FOR UPDATE
    """

  /// Whether an attempt ended with its effects stored.
  static let isDone = """
    SELECT EXISTS (
      SELECT FROM attempt WHERE job_id = $1 AND token = $2 AND outcome = 'done'
    ) AS is_done
    """

  /// Calls off what waits or runs and matches the filter `$1` to `$5`.
  static let cancel = """
    WITH chosen AS MATERIALIZED (
      SELECT id, token, attempts, host, started_at FROM job
      WHERE state IN ('waiting', 'running') AND \(FilterStatements.matches)
      ORDER BY id
      FOR UPDATE
    ),
    stopped AS (
      INSERT INTO attempt (job_id, number, token, host, started_at, outcome)
      SELECT id, attempts, token, host, started_at, 'cancelled' FROM chosen
      WHERE token IS NOT NULL
    )
    UPDATE job SET state = 'cancelled', finished_at = now(), \(noLease)
    FROM chosen WHERE job.id = chosen.id
    """

  /// Lets what has ended and matches the filter `$1` to `$5` wait again.
  static let retry = """
    UPDATE job SET state = 'waiting', not_before = now(), finished_at = NULL, errors = 0,
      deaths = 0, interruptions = 0, failure_kind = NULL, failure_message = NULL
    WHERE id IN (
      SELECT id FROM job
      WHERE state NOT IN ('waiting', 'running') AND \(FilterStatements.matches)
      ORDER BY id
      FOR UPDATE
    )
    """

  private static let noLease = """
    token = NULL, worker = NULL, host = NULL, started_at = NULL, lease_until = NULL, progress = NULL
    """
}
