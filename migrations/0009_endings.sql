-- Jobs that wait in vain come to an end, too; and where jobs have ended is told.

-- The job without whose success this one was called off: when that one waits again, so does this.
ALTER TABLE setback ADD COLUMN prerequisite bigint;

CREATE INDEX setback_prerequisite ON setback (prerequisite) WHERE prerequisite IS NOT NULL;

-- A job with where it stands, for people and dashboards. The machine and the beginning are those of the
-- attempt that goes on, or that the job ended with.
CREATE OR REPLACE VIEW job_status AS
SELECT job.id, job_kind.name AS kind, job.key, job_group.name AS group_name,
  job.payload, job.priority, coalesce(policy.max_errors, job.max_errors)::smallint AS max_errors,
  job.created_at,
  coalesce(
    finished.state, CASE WHEN running.job_id IS NULL THEN 'waiting' ELSE 'running' END) AS state,
  coalesce(running.attempts, finished.attempts, delayed.attempts, ready.attempts, 0) AS attempts,
  coalesce(setback.errors, 0) AS errors, coalesce(setback.deaths, 0) AS deaths,
  coalesce(setback.interruptions, 0) AS interruptions,
  running.progress, coalesce(delayed.due, job.not_before, job.created_at) AS not_before,
  coalesce(running.started_at, finished.started_at) AS started_at, finished.finished_at,
  coalesce(running.host, finished.host) AS host, setback.failure_kind,
  setback.failure_message, blocked.missing AS waits_for, job.array_id, job.array_index,
  delayed.reason AS wait_reason, setback.prerequisite
FROM job
JOIN job_kind ON job_kind.id = job.kind_id
JOIN job_group ON job_group.id = job.group_id
JOIN policy_in_force AS policy ON policy.kind_id = job.kind_id
LEFT JOIN ready ON ready.kind_id = job.kind_id
  AND ready.lane = CASE WHEN job_group.has_lane THEN job_group.id ELSE 0 END
  AND ready.urgency = -job.priority AND ready.rank = job.rank AND ready.job_id = job.id
LEFT JOIN blocked ON blocked.job_id = job.id
LEFT JOIN delayed ON delayed.job_id = job.id
LEFT JOIN running ON running.job_id = job.id
LEFT JOIN finished ON finished.job_id = job.id
LEFT JOIN setback ON setback.job_id = job.id;

-- Lets those go on that waited for jobs that have ended, and calls off those that needed the success of
-- one that ended without: they are `cancelled`, and remember what they waited for.
CREATE OR REPLACE FUNCTION release_dependents(jobs bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  waiting bigint[];
  amounts integer[];
BEGIN
  IF NOT EXISTS (SELECT FROM dependency) THEN RETURN; END IF;
  WITH over AS (
    DELETE FROM dependency USING finished
    WHERE dependency.on_job = ANY (jobs) AND finished.job_id = dependency.on_job
      AND (finished.state = 'done' OR NOT needs_success)
    RETURNING dependency.job_id
  ),
  amount AS (SELECT job_id, count(*)::integer AS amount FROM over GROUP BY job_id)
  SELECT array_agg(job_id), array_agg(amount) INTO waiting, amounts FROM amount;
  PERFORM free_jobs(waiting, amounts);
  PERFORM call_off_dependents(jobs);
END
$$;

-- Calls off what waits for the success of jobs that have ended without, and what waits for that.
CREATE FUNCTION call_off_dependents(jobs bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  waiting bigint[];
  prerequisites bigint[];
  over bigint[];
BEGIN
  SELECT array_agg(job_id), array_agg(on_job) INTO waiting, prerequisites FROM (
    SELECT dependency.job_id, min(on_job) AS on_job
    FROM dependency JOIN finished ON finished.job_id = on_job
    WHERE on_job = ANY (jobs) AND needs_success AND state <> 'done'
    GROUP BY dependency.job_id
  ) AS vain;
  IF waiting IS NULL THEN RETURN; END IF;
  -- Always in this order, so that nobody waits in a circle.
  PERFORM FROM blocked WHERE job_id = ANY (waiting) ORDER BY job_id FOR UPDATE;
  WITH gone AS (DELETE FROM blocked WHERE job_id = ANY (waiting) RETURNING *),
  told AS (
    INSERT INTO setback (job_id, prerequisite)
    SELECT job_id, vain.prerequisite
    FROM gone JOIN unnest(waiting, prerequisites) AS vain (id, prerequisite) ON vain.id = job_id
    ON CONFLICT (job_id) DO UPDATE SET prerequisite = excluded.prerequisite
  ),
  ended AS (
    INSERT INTO finished (job_id, group_id, attempts, kind_id, state)
    SELECT job_id, group_id, 0, kind_id, 'cancelled' FROM gone
    RETURNING job_id
  )
  SELECT array_agg(job_id) INTO over FROM ended;
  IF over IS NOT NULL THEN PERFORM release_dependents(over); END IF;
END
$$;

-- Jobs that were called off because another one ended without success, which is no longer so: it waits
-- again, runs or is done. Of a forgotten one nobody knows.
CREATE FUNCTION hopeful_jobs() RETURNS bigint[]
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT array_agg(setback.job_id)
  FROM setback JOIN finished ON finished.job_id = setback.job_id
  JOIN job ON job.id = prerequisite
  LEFT JOIN finished AS other ON other.job_id = prerequisite
  WHERE prerequisite IS NOT NULL AND finished.state = 'cancelled'
    AND other.state IS DISTINCT FROM 'failed' AND other.state IS DISTINCT FROM 'quarantined'
    AND other.state IS DISTINCT FROM 'cancelled'
$$;

-- Lets jobs that were called off while they waited for others, and wait again since a moment ago, wait for
-- those again that have not ended meanwhile; and lets wait again what was called off because of jobs that
-- wait again now.
--
-- Nobody may end one of those between the look at `dependency` and the end of this transaction: the end
-- would find nobody who waits.
CREATE OR REPLACE FUNCTION hold_retried() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  revived bigint[];
BEGIN
  IF loose_waiters() IS NULL AND hopeful_jobs() IS NULL THEN RETURN; END IF;
  PERFORM lock_dependencies();
  LOCK TABLE dependency, array_waiter IN ACCESS EXCLUSIVE MODE;
  PERFORM block_jobs(coalesce(loose_waiters(), '{}'));
  LOOP
    revived := hopeful_jobs();
    EXIT WHEN revived IS NULL;
    DELETE FROM setback WHERE job_id = ANY (revived);
    DELETE FROM finished WHERE job_id = ANY (revived);
    PERFORM block_jobs(revived);
  END LOOP;
END
$$;

-- Queues at most 500 jobs, given as one array for each column; returns how many were new. A null or
-- empty key is none. Ids follow the order of the arrays.
CREATE OR REPLACE FUNCTION enqueue_jobs(
  kinds text[], keys text[], payloads json[], groups text[], priorities integer[] DEFAULT '{}',
  error_limits integer[] DEFAULT '{}', delays double precision[] DEFAULT '{}'
) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off AS $$
DECLARE
  added bigint;
BEGIN
  IF cardinality(kinds) > 1 THEN PERFORM lock_enqueueing(cardinality(kinds)); END IF;
  WITH given AS MATERIALIZED (
    SELECT place, nullif(key, '') AS key, payload, coalesce(priority, 0) AS priority,
      coalesce(max_errors, 3) AS max_errors, now() + make_interval(secs => delay) AS not_before,
      -- The functions are for names that are new.
      coalesce((SELECT id FROM job_kind WHERE name = kind), job_kind_number(kind)) AS kind_id,
      coalesce((SELECT id FROM job_group WHERE name = group_name), job_group_number(group_name))
        AS group_id
    FROM unnest(kinds, keys, payloads, groups, priorities, error_limits, delays) WITH ORDINALITY
      AS given (kind, key, payload, group_name, priority, max_errors, delay, place)
  ),
  fresh AS MATERIALIZED (
    SELECT * FROM given WHERE key IS NULL OR NOT EXISTS (
      SELECT FROM job WHERE job.kind_id = given.kind_id AND job.key = given.key)
  ),
  flow AS MATERIALIZED (
    SELECT kind_id, group_id, priority, take_ranks(kind_id, group_id, priority, amount) AS taken
    FROM (
      SELECT kind_id, group_id, priority, count(*) AS amount FROM fresh
      GROUP BY kind_id, group_id, priority ORDER BY kind_id, group_id, priority
    ) AS flow
  ),
  numbered AS MATERIALIZED (
    SELECT nextval('job_id_seq') AS id, ordered.*
    FROM (
      SELECT fresh.*,
        taken + row_number() OVER (
          PARTITION BY kind_id, group_id, priority ORDER BY place) AS rank
      FROM fresh JOIN flow USING (kind_id, group_id, priority)
      ORDER BY place
    ) AS ordered
  )
  INSERT INTO job (
    id, not_before, rank, priority, group_id, kind_id, max_errors, key, payload)
  SELECT id, not_before, rank, priority, group_id, kind_id, max_errors, key, payload
  FROM numbered ORDER BY kind_id, key COLLATE "C", id
  ON CONFLICT (kind_id, key) WHERE key IS NOT NULL DO NOTHING;
  GET DIAGNOSTICS added = ROW_COUNT;
  RETURN added;
END
$$;

-- What has waited in vain until now.
SELECT release_dependents(ARRAY(SELECT DISTINCT on_job FROM dependency));
