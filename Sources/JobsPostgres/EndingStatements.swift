/// How attempts end. Whatever ends one names the job and the token.
enum EndingStatements {
  /// Marks attempts as done: `$1` jobs, `$2` tokens; returns the jobs whose lease still held.
  static let finish = "SELECT job_id FROM finish_jobs($1::bigint[], $2::bigint[])"

  /// Whether an attempt ended with its effects stored.
  static let isDone = """
    SELECT EXISTS (
      SELECT FROM finished WHERE job_id = $1 AND token = $2 AND state = 'done'
      UNION ALL
      SELECT FROM attempt WHERE job_id = $1 AND token = $2 AND outcome = 'done'
    ) AS is_done
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
      SELECT rank, job_id, -priority, lane, job.group_id, ended.attempts, job.kind_id
      FROM ended JOIN job ON job.id = ended.job_id
      WHERE state = 'waiting' AND coalesce(pause, 0) <= 0
    )
    INSERT INTO attempt (job_id, number, token, host, started_at, outcome, message)
    SELECT job_id, attempts, token, host, started_at, outcome, message FROM ended
    RETURNING job_id
    """

  /// What counts against a job that is held, and keeps everybody else from it.
  static let lockHeld = """
    SELECT coalesce(errors, 0) AS errors, coalesce(deaths, 0) AS deaths,
      coalesce(interruptions, 0) AS interruptions, max_errors
    FROM running JOIN job ON job.id = running.job_id LEFT JOIN setback USING (job_id)
    WHERE running.job_id = $1 AND token = $2
    FOR UPDATE OF running
    """

  /// Calls off what waits or runs and matches the filter `$1` to `$5`, once. A job that is just
  /// moving from one table to another is not seen; ``isCancelled`` tells whether there was one.
  static let cancel = """
    WITH chosen AS MATERIALIZED (
      SELECT id FROM job_status
      WHERE state IN ('waiting', 'running') AND created_at <= now() AND \(FilterStatements.matches)
      ORDER BY id
    ),
    place AS MATERIALIZED (
      SELECT job.* FROM job JOIN chosen USING (id)
    ),
    unclaimed AS (
      DELETE FROM ready USING place
      WHERE ready.kind_id = place.kind_id AND ready.lane = place.lane
        AND ready.urgency = -place.priority AND ready.rank = place.rank
        AND ready.job_id = place.id
      RETURNING ready.job_id, ready.group_id, ready.attempts, ready.kind_id
    ),
    undue AS (
      DELETE FROM delayed USING chosen WHERE delayed.job_id = chosen.id
      RETURNING job_id, group_id, attempts, kind_id
    ),
    locked AS MATERIALIZED (
      SELECT job_id FROM running JOIN chosen ON chosen.id = running.job_id
      ORDER BY job_id
      FOR UPDATE OF running
    ),
    stopped AS (
      DELETE FROM running USING locked WHERE running.job_id = locked.job_id RETURNING running.*
    ),
    told AS (
      INSERT INTO attempt (job_id, number, token, host, started_at, outcome)
      SELECT job_id, attempts, token, host, started_at, 'cancelled' FROM stopped
    )
    INSERT INTO finished (job_id, token, started_at, group_id, attempts, kind_id, state, host)
    SELECT job_id, token, started_at, group_id, attempts, kind_id, 'cancelled', host FROM stopped
    UNION ALL
    SELECT job_id, NULL, NULL, group_id, attempts, kind_id, 'cancelled', NULL
    FROM (SELECT * FROM unclaimed UNION ALL SELECT * FROM undue) AS waiting
    """

  /// Whether nothing that was there before waits or runs and matches.
  static let isCancelled = """
    SELECT NOT EXISTS (
      SELECT FROM job_status
      WHERE state IN ('waiting', 'running') AND created_at <= now()
        AND \(FilterStatements.matches)
    ) AS is_cancelled
    """

  /// Lets what has ended and matches the filter `$1` to `$5` wait again, as the last of its
  /// collection.
  static let retry = """
    WITH chosen AS MATERIALIZED (
      SELECT id FROM job_status
      WHERE state NOT IN ('waiting', 'running') AND \(FilterStatements.matches)
    ),
    locked AS MATERIALIZED (
      SELECT job_id FROM finished JOIN chosen ON chosen.id = finished.job_id
      ORDER BY job_id
      FOR UPDATE OF finished
    ),
    revived AS (
      DELETE FROM finished USING locked WHERE finished.job_id = locked.job_id RETURNING finished.*
    ),
    told AS (
      INSERT INTO attempt (job_id, number, token, host, started_at, ended_at, outcome)
      SELECT job_id, attempts, token, host, started_at, finished_at, 'done' FROM revived
      WHERE state = 'done'
    ),
    forgiven AS (
      DELETE FROM setback USING revived WHERE setback.job_id = revived.job_id
    ),
    flow AS MATERIALIZED (
      SELECT kind_id, group_id, priority, take_ranks(kind_id, group_id, priority, amount) AS taken
      FROM (
        SELECT job.kind_id, job.group_id, priority, count(*) AS amount
        FROM locked JOIN job ON job.id = job_id
        GROUP BY job.kind_id, job.group_id, priority
        ORDER BY job.kind_id, job.group_id, priority
      ) AS flow
    ),
    placed AS (
      UPDATE job SET rank = place.rank FROM (
        SELECT job.id,
          taken + row_number() OVER (
            PARTITION BY job.kind_id, job.group_id, job.priority ORDER BY job.id) AS rank
        FROM revived JOIN job ON job.id = job_id
        JOIN flow ON flow.kind_id = job.kind_id AND flow.group_id = job.group_id
          AND flow.priority = job.priority
      ) AS place
      WHERE job.id = place.id
      RETURNING job.id, job.rank, job.priority, job.lane
    )
    INSERT INTO ready (rank, job_id, urgency, lane, group_id, attempts, kind_id)
    SELECT rank, job_id, -priority, lane, group_id, attempts, kind_id
    FROM placed JOIN revived ON revived.job_id = placed.id
    """
}
