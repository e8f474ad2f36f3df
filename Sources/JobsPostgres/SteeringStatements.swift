/// How people call jobs off, queue them again, and change their places.
///
/// A job that is just moving from one table to another is not seen by a statement that changes it;
/// each has one beside it that tells whether there was such a job, and is then said again.
enum SteeringStatements {
  /// Where the jobs `chosen` stand while they can be claimed.
  private static let place = """
    place AS MATERIALIZED (
      SELECT job.*, CASE WHEN has_lane THEN group_id ELSE 0 END AS lane
      FROM job JOIN chosen USING (id) JOIN job_group ON job_group.id = group_id
    )
    """

  /// Finds the row of a job in `ready` without an index of its own.
  private static let isThere = """
    ready.kind_id = place.kind_id AND ready.lane = place.lane AND ready.urgency = -place.priority
      AND ready.rank = place.rank AND ready.job_id = place.id
    """

  /// Takes the chosen jobs from where they wait, so that nobody claims them meanwhile.
  private static let taken = """
    unclaimed AS (
      DELETE FROM ready USING place WHERE \(isThere)
      RETURNING ready.job_id, ready.group_id, ready.attempts, ready.kind_id
    ),
    undue AS (
      DELETE FROM delayed USING chosen WHERE delayed.job_id = chosen.id
      RETURNING job_id, group_id, attempts, kind_id
    )
    """

  /// Calls off what waits or runs and matches the filter `$1` to `$5`, once. What a job waits for is
  /// kept, for it may be queued again (``holdRetried``).
  static let cancel = """
    WITH chosen AS MATERIALIZED (
      SELECT id FROM job_status
      WHERE state IN ('waiting', 'running') AND created_at <= now() AND \(FilterStatements.matches)
      ORDER BY id
    ),
    \(place),
    \(taken),
    unblocked AS (
      DELETE FROM blocked USING chosen WHERE blocked.job_id = chosen.id
      RETURNING job_id, group_id, 0 AS attempts, kind_id
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
    FROM (
      SELECT * FROM unclaimed UNION ALL SELECT * FROM undue UNION ALL SELECT * FROM unblocked
    ) AS waiting
    """

  /// Lets those go on that waited for the end of jobs that were called off.
  static let releaseAll = "SELECT release_dependents(ARRAY(SELECT DISTINCT on_job FROM dependency))"

  /// Whether nothing that was there before waits or runs and matches.
  static let isCancelled = """
    SELECT NOT EXISTS (
      SELECT FROM job_status
      WHERE state IN ('waiting', 'running') AND created_at <= now()
        AND \(FilterStatements.matches)
    ) AS is_done
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
      RETURNING job.id, job.rank, job.priority
    )
    INSERT INTO ready (rank, job_id, urgency, lane, group_id, attempts, kind_id)
    SELECT rank, job_id, -priority, job_lane(group_id), group_id, attempts, kind_id
    FROM placed JOIN revived ON revived.job_id = placed.id
    """

  /// Lets those of the jobs that were just queued again wait that had to wait for others, and those wait
  /// again that were called off because of them.
  static let holdRetried = "SELECT hold_retried()"

  /// Gives what waits and matches the filter `$1` to `$5` the priority `$6`, once.
  ///
  /// Rows that wait for their time are taken away and put back, so that a claim that is just
  /// making them ready either has done so before or sees the new priority.
  static let prioritize = """
    WITH chosen AS MATERIALIZED (
      SELECT id FROM job_status
      WHERE state = 'waiting' AND priority <> $6::integer AND created_at <= now()
        AND \(FilterStatements.matches)
      ORDER BY id
    ),
    \(place),
    unclaimed AS (
      DELETE FROM ready USING place WHERE \(isThere) RETURNING ready.job_id, ready.attempts
    ),
    undue AS (
      DELETE FROM delayed USING chosen WHERE delayed.job_id = chosen.id RETURNING delayed.*
    ),
    unblocked AS (
      DELETE FROM blocked USING chosen WHERE blocked.job_id = chosen.id RETURNING blocked.*
    ),
    moved AS MATERIALIZED (
      SELECT place.id, place.kind_id, place.group_id FROM place
      WHERE id IN (
        SELECT job_id FROM unclaimed UNION ALL SELECT job_id FROM undue
        UNION ALL SELECT job_id FROM unblocked)
    ),
    flow AS MATERIALIZED (
      SELECT kind_id, group_id, take_ranks(kind_id, group_id, $6::integer, amount) AS taken
      FROM (
        SELECT kind_id, group_id, count(*) AS amount FROM moved
        GROUP BY kind_id, group_id ORDER BY kind_id, group_id
      ) AS flow
    ),
    placed AS (
      UPDATE job SET rank = place.rank, priority = $6::integer FROM (
        SELECT id, taken + row_number() OVER (PARTITION BY kind_id, group_id ORDER BY id) AS rank
        FROM moved JOIN flow USING (kind_id, group_id)
      ) AS place
      WHERE job.id = place.id
      RETURNING job.id, job.rank, job.group_id, job.kind_id
    ),
    later AS (
      INSERT INTO delayed (job_id, due, group_id, attempts, kind_id, reason)
      SELECT job_id, due, group_id, attempts, kind_id, reason FROM undue
    ),
    held AS (
      INSERT INTO blocked (job_id, missing, group_id, kind_id)
      SELECT job_id, missing, group_id, kind_id FROM unblocked
    ),
    again AS (
      INSERT INTO ready (rank, job_id, urgency, lane, group_id, attempts, kind_id)
      SELECT rank, job_id, -$6::integer, job_lane(group_id), group_id, attempts, kind_id
      FROM placed JOIN unclaimed ON job_id = id
    )
    SELECT count(*) AS changed FROM moved
    """

  /// Whether nothing that was there before waits, matches and has another priority than `$6`.
  static let isPrioritized = """
    SELECT NOT EXISTS (
      SELECT FROM job_status
      WHERE state = 'waiting' AND priority <> $6::integer AND created_at <= now()
        AND \(FilterStatements.matches)
    ) AS is_done
    """

  /// Lets what waits and matches the filter `$1` to `$5` wait until the time `$6`, once.
  static let postpone = """
    WITH chosen AS MATERIALIZED (
      SELECT id FROM job_status
      WHERE state = 'waiting' AND waits_for IS NULL
        AND not_before IS DISTINCT FROM $6::timestamptz
        AND created_at <= now() AND \(FilterStatements.matches)
      ORDER BY id
    ),
    \(place),
    \(taken),
    later AS (
      INSERT INTO delayed (job_id, due, group_id, attempts, kind_id)
      SELECT job_id, $6::timestamptz, group_id, attempts, kind_id
      FROM (SELECT * FROM unclaimed UNION ALL SELECT * FROM undue) AS waiting
      RETURNING job_id
    )
    SELECT count(*) AS changed FROM later
    """

  /// Whether nothing that was there before waits, matches, and waits for another time than `$6`.
  static let isPostponed = """
    SELECT NOT EXISTS (
      SELECT FROM job_status
      WHERE state = 'waiting' AND waits_for IS NULL
        AND not_before IS DISTINCT FROM $6::timestamptz
        AND created_at <= now() AND \(FilterStatements.matches)
    ) AS is_done
    """

  /// How long it is until `$1`.
  static let secondsUntil = """
    SELECT greatest(0, extract(epoch FROM $1::timestamptz - now()))::float8 AS seconds
    """

  /// The time in `$1` seconds, as text that says it exactly.
  static let moment = "SELECT (now() + make_interval(secs => $1::float8))::text AS moment"
}
