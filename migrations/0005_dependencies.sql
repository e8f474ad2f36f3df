-- Jobs that wait for others: for one each, as scoring waits for a prediction, or for the last of many.
-- Queues without such jobs pay one look into an empty table when jobs end.

-- Who waits for whom: `job_id` is not started before `on_job` is done, or has ended in whatever
-- way. A row is deleted when that happens. A job that fails keeps those that need its success
-- waiting: when it is retried and done, they go on.
CREATE TABLE dependency (
  on_job bigint NOT NULL,
  job_id bigint NOT NULL,
  needs_success boolean NOT NULL,
  PRIMARY KEY (on_job, job_id)
);

CREATE INDEX dependency_job ON dependency (job_id);

-- Where a job stands that waits for others, beside `ready`, `delayed`, `running` and `finished`;
-- `missing` counts its rows in `dependency`, so that the last one is known without looking at all.
CREATE TABLE blocked (
  job_id bigint PRIMARY KEY,
  missing integer NOT NULL CHECK (missing >= 0),
  group_id integer NOT NULL,
  kind_id smallint NOT NULL
) WITH (fillfactor = 80);

-- What a job said of itself when it was done, for people and programs: small, for it is no result.
CREATE TABLE job_output (
  job_id bigint PRIMARY KEY,
  document json NOT NULL CHECK (octet_length(document::text) <= 100000)
);

-- A job with where it stands, for people and dashboards.
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
  running.started_at, finished.finished_at, running.host, setback.failure_kind,
  setback.failure_message, blocked.missing AS waits_for
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

-- Lets those go on that waited for jobs that have ended.
CREATE FUNCTION release_dependents(jobs bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  freed bigint[];
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
  IF waiting IS NULL THEN RETURN; END IF;
  -- Always in this order, so that nobody waits in a circle.
  PERFORM FROM blocked WHERE job_id = ANY (waiting) ORDER BY job_id FOR UPDATE;
  WITH counted AS (
    UPDATE blocked SET missing = missing - amount FROM unnest(waiting, amounts) AS over (id, amount)
    WHERE job_id = id
    RETURNING job_id, missing
  )
  SELECT array_agg(job_id) INTO freed FROM counted WHERE missing = 0;
  IF freed IS NULL THEN RETURN; END IF;
  WITH free AS (DELETE FROM blocked WHERE job_id = ANY (freed) RETURNING job_id),
  place AS MATERIALIZED (SELECT job.* FROM job JOIN free ON job.id = free.job_id),
  later AS (
    INSERT INTO delayed (job_id, due, group_id, kind_id)
    SELECT id, not_before, group_id, kind_id FROM place WHERE not_before > now()
  )
  INSERT INTO ready (rank, job_id, urgency, lane, group_id, kind_id)
  SELECT rank, id, -priority, job_lane(group_id), group_id, kind_id FROM place
  WHERE not_before IS NULL OR not_before <= now()
  ORDER BY rank, id;
  PERFORM ring_bell();
END
$$;

-- Lets new jobs of this transaction wait for what `dependency` says of them.
--
-- Whoever ends a job looks into `dependency` only afterwards. So whoever adds to it shuts all of
-- those out for a moment, when their rows are there, and then looks who has ended before.
CREATE FUNCTION block_jobs(jobs bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  WITH place AS MATERIALIZED (
    SELECT job.*, job_lane(group_id) AS lane, missing FROM job
    JOIN (
      SELECT job_id, count(*)::integer AS missing FROM dependency WHERE job_id = ANY (jobs)
      GROUP BY job_id
    ) AS waiting ON job_id = id
  ),
  unclaimed AS (
    DELETE FROM ready USING place
    WHERE ready.kind_id = place.kind_id AND ready.lane = place.lane
      AND ready.urgency = -place.priority AND ready.rank = place.rank AND ready.job_id = place.id
  ),
  undue AS (DELETE FROM delayed USING place WHERE delayed.job_id = place.id)
  INSERT INTO blocked (job_id, missing, group_id, kind_id)
  SELECT id, missing, group_id, kind_id FROM place;
  LOCK TABLE dependency IN ACCESS EXCLUSIVE MODE;
  PERFORM release_dependents(ARRAY(SELECT on_job FROM dependency WHERE job_id = ANY (jobs)));
END
$$;

-- Those who add to `dependency` do so one after the other: all of them lock it in the end.
CREATE FUNCTION lock_dependencies() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('avu: dependencies in ' || current_schema(), 0));
END
$$;

-- Lets jobs, named by kind and key, wait for others, which must be done first. Jobs that were there
-- before this transaction are left as they are. Returns the first pair whose other job is unknown.
CREATE FUNCTION add_dependencies(
  kinds text[], keys text[], on_kinds text[], on_keys text[], OUT unknown_kind text, OUT unknown_key text
)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  added bigint[];
BEGIN
  PERFORM lock_dependencies();
  SELECT on_kind, on_key INTO unknown_kind, unknown_key
  FROM unnest(on_kinds, on_keys) AS given (on_kind, on_key)
  WHERE NOT EXISTS (
    SELECT FROM job JOIN job_kind ON job_kind.id = kind_id
    WHERE job_kind.name = on_kind AND job.key = on_key)
  LIMIT 1;
  IF unknown_key IS NOT NULL THEN RETURN; END IF;
  WITH added AS (
    INSERT INTO dependency (on_job, job_id, needs_success)
    SELECT other.id, job.id, true
    FROM unnest(kinds, keys, on_kinds, on_keys) AS given (kind, key, on_kind, on_key)
    JOIN job_kind ON job_kind.name = given.kind
    JOIN job ON job.kind_id = job_kind.id AND job.key = given.key AND job.created_at = now()
    JOIN job_kind AS other_kind ON other_kind.name = given.on_kind
    JOIN job AS other ON other.kind_id = other_kind.id AND other.key = given.on_key
    WHERE other.id <> job.id
    ON CONFLICT DO NOTHING
    RETURNING job_id
  )
  SELECT array_agg(DISTINCT job_id) INTO added FROM added;
  PERFORM block_jobs(added);
END
$$;

-- Makes new jobs of this transaction members of the batches that the job `member` belongs to: who
-- waits for the end of that one waits for theirs, too. To be called before `member` ends.
CREATE FUNCTION join_batches(member bigint, kinds text[], keys text[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  WITH added AS (
    INSERT INTO dependency (on_job, job_id, needs_success)
    SELECT job.id, dependency.job_id, false
    FROM dependency, unnest(kinds, keys) AS given (kind, key)
    JOIN job_kind ON job_kind.name = given.kind
    JOIN job ON job.kind_id = job_kind.id AND job.key = given.key AND job.created_at = now()
    WHERE dependency.on_job = member AND NOT needs_success
    ON CONFLICT DO NOTHING
    RETURNING job_id
  )
  UPDATE blocked SET missing = missing + amount
  FROM (SELECT job_id, count(*)::integer AS amount FROM added GROUP BY job_id) AS more
  WHERE blocked.job_id = more.job_id;
END
$$;

DROP FUNCTION finish_jobs(bigint[], bigint[]);

-- Marks attempts, named by their jobs and tokens, as done; returns the jobs whose lease still held.
-- Whoever has more to do in this transaction that concerns those who wait for these jobs says
-- `releases` => false, and calls `release_dependents` in the end.
CREATE FUNCTION finish_jobs(jobs bigint[], tokens bigint[], releases boolean DEFAULT true)
RETURNS TABLE (job_id bigint)
LANGUAGE plpgsql SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH ended AS (
    DELETE FROM running USING unnest(jobs, tokens) AS lease (job, token)
    WHERE running.job_id = lease.job AND running.token = lease.token
    RETURNING running.*
  )
  INSERT INTO finished (job_id, token, started_at, group_id, attempts, kind_id, state, host)
  SELECT job_id, token, started_at, group_id, attempts, kind_id, 'done', host FROM ended
  RETURNING finished.job_id;
  IF releases AND EXISTS (SELECT FROM dependency) THEN PERFORM release_dependents(jobs); END IF;
END
$$;
