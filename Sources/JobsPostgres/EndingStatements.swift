/// How attempts end. Whatever ends one names the job and the token.
enum EndingStatements {
  /// Marks attempts as done: `$1` jobs, `$2` tokens; returns the jobs whose lease still held.
  static let finish = "SELECT job_id FROM finish_jobs($1::bigint[], $2::bigint[])"

  /// The same, when effects follow in the transaction: those who wait for the jobs are let go on
  /// after them, by ``release``, if there are any.
  static let finishFirst = """
    SELECT job_id, EXISTS (SELECT FROM dependency) AS has_dependents
    FROM finish_jobs($1::bigint[], $2::bigint[], false)
    """

  /// Lets those go on that waited for the jobs `$1`, as far as those have ended.
  static let release = "SELECT release_dependents($1::bigint[])"

  /// Which of the attempts with the jobs `$1` and the tokens `$2` ended as done, with their effects
  /// stored. One answer for all of them: where answers get lost, one for each might never come through.
  static let done = """
    SELECT lease.job, lease.token FROM unnest($1::bigint[], $2::bigint[]) AS lease (job, token)
    WHERE EXISTS (
      SELECT FROM finished
      WHERE finished.job_id = lease.job AND finished.token = lease.token AND state = 'done'
    ) OR EXISTS (
      SELECT FROM attempt
      WHERE attempt.job_id = lease.job AND attempt.token = lease.token AND outcome = 'done')
    """

  /// Ends attempts otherwise, given as one array for each column; writes them down, and returns
  /// the jobs whose lease still held.
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
      SELECT running.job_id
      FROM running JOIN verdict ON verdict.job = running.job_id AND verdict.token = running.token
      WHERE running.job_id = ANY ($1::bigint[])
      ORDER BY running.job_id
      FOR UPDATE OF running
    ),
    freed AS (
      DELETE FROM running USING held WHERE running.job_id = held.job_id RETURNING running.*
    ),
    ended AS (
      SELECT freed.*, verdict.state, outcome, message, pause, errors, deaths, interruptions
      FROM freed JOIN verdict ON verdict.job = freed.job_id
    ),
    counted AS (
      INSERT INTO setback (
        job_id, errors, deaths, interruptions, failure_kind, failure_message)
      SELECT job_id, errors, deaths, interruptions, outcome, message FROM ended
      WHERE errors IS NOT NULL
      ON CONFLICT (job_id) DO UPDATE SET errors = excluded.errors, deaths = excluded.deaths,
        interruptions = excluded.interruptions, failure_kind = excluded.failure_kind,
        failure_message = excluded.failure_message
    ),
    over AS (
      INSERT INTO finished (job_id, token, started_at, group_id, attempts, kind_id, state, host)
      SELECT job_id, token, started_at, group_id, attempts, kind_id, state, host FROM ended
      WHERE state <> 'waiting'
    ),
    later AS (
      INSERT INTO delayed (job_id, due, group_id, attempts, kind_id)
      SELECT job_id, now() + make_interval(secs => pause), group_id, attempts, kind_id FROM ended
      WHERE state = 'waiting' AND pause > 0
    ),
    again AS (
      INSERT INTO ready (rank, job_id, urgency, lane, group_id, attempts, kind_id)
      SELECT rank, job_id, -priority, job_lane(job.group_id), job.group_id, ended.attempts,
        job.kind_id
      FROM ended JOIN job ON job.id = ended.job_id
      WHERE state = 'waiting' AND coalesce(pause, 0) <= 0
    )
    INSERT INTO attempt (job_id, number, token, host, started_at, outcome, message)
    SELECT job_id, attempts, token, host, started_at, outcome, message FROM ended
    RETURNING job_id
    """

  /// Lets the job `$1` with the token `$2` wait for `$3` seconds because of `$4`, and takes the attempt
  /// back.
  static let snooze = """
    WITH freed AS (DELETE FROM running WHERE job_id = $1 AND token = $2 RETURNING running.*)
    INSERT INTO delayed (job_id, due, group_id, attempts, kind_id, reason)
    SELECT job_id, now() + make_interval(secs => $3::float8), group_id, attempts - 1, kind_id, $4
    FROM freed
    """

  /// What counts against a job, and the policy by which that is judged.
  static let strikes = """
    coalesce(errors, 0) AS errors, coalesce(deaths, 0) AS deaths,
      coalesce(interruptions, 0) AS interruptions,
      coalesce(policy.max_errors, job.max_errors) AS max_errors, \(PolicyStatements.retries)
    """

  /// What counts against a job that is held, and keeps everybody else from it.
  static let lockHeld = """
    SELECT \(strikes)
    FROM running JOIN job ON job.id = running.job_id LEFT JOIN setback USING (job_id)
    JOIN policy_in_force AS policy ON policy.kind_id = running.kind_id
    WHERE running.job_id = $1 AND token = $2
    FOR UPDATE OF running
    """
}
