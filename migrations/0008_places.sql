-- Places in the order for arrays and for jobs that come back.

-- Elements of an array have their ranks from the beginning, as if all were jobs: what its collection queues
-- later comes after them (while fewer than some thousand a second are claimed: promote_array makes a thousand
-- jobs at a time, and is asked to ten times a second). Element `i` has the rank `first_rank` + i.
ALTER TABLE job_array ADD COLUMN first_rank bigint NOT NULL DEFAULT 0;

DO $$
DECLARE
  arr job_array;
BEGIN
  FOR arr IN
    SELECT * FROM job_array WHERE reached < size ORDER BY kind_id, group_id, priority, id
  LOOP
    UPDATE job_array SET first_rank = 1 - arr.reached
      + take_ranks(arr.kind_id, arr.group_id, arr.priority, arr.size - arr.reached)
    WHERE id = arr.id;
  END LOOP;
END
$$;

ALTER TABLE job_array ALTER COLUMN first_rank DROP DEFAULT;

-- What a job waits for that its handler put off, in one sentence for people.
ALTER TABLE delayed ADD COLUMN reason text CHECK (octet_length(reason) <= 4000);

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
  setback.failure_message, blocked.missing AS waits_for, job.array_id, job.array_index,
  delayed.reason AS wait_reason
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

-- Queues an array; returns its number, or null when its key is known. Its inputs, if it has any, are to
-- be added in the same transaction, and so is an array that follows another.
CREATE OR REPLACE FUNCTION enqueue_array(
  kind text, key text, payload json, group_name text, size integer, priority integer DEFAULT 0,
  error_limit integer DEFAULT 3, delay double precision DEFAULT NULL, after_id bigint DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
  added bigint;
  kind_number smallint := job_kind_number(kind);
  group_number integer := job_group_number(group_name);
BEGIN
  IF EXISTS (
    SELECT FROM job_array
    WHERE kind_id = kind_number AND job_array.key = nullif(enqueue_array.key, ''))
  THEN
    RETURN NULL;
  END IF;
  INSERT INTO job_array (
    not_before, priority, group_id, kind_id, max_errors, key, payload, size, after_id, first_rank)
  VALUES (
    now() + make_interval(secs => delay), coalesce(priority, 0), group_number, kind_number,
    coalesce(error_limit, 3), nullif(key, ''), payload, size, after_id,
    1 + take_ranks(kind_number, group_number, coalesce(priority, 0), size))
  ON CONFLICT (kind_id, key) WHERE key IS NOT NULL DO NOTHING
  RETURNING id INTO added;
  IF after_id IS NOT NULL AND added IS NOT NULL AND NOT EXISTS (
    SELECT FROM job_array WHERE id = enqueue_array.after_id AND created_at = now()
      AND job_array.size = enqueue_array.size)
  THEN
    RAISE EXCEPTION 'an array follows one of its size that is queued in the same transaction'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF added IS NOT NULL THEN PERFORM ring_bell(); END IF;
  RETURN added;
END
$$;

-- Makes jobs of an array's elements from `reached` to before `upto`, without saying where they stand;
-- returns the keys that their inputs give them.
CREATE OR REPLACE FUNCTION make_elements(arr job_array, upto integer) RETURNS text[]
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  given json;
  keys text[];
BEGIN
  DELETE FROM array_input WHERE array_id = arr.id AND part = arr.reached / 1000
  RETURNING inputs INTO given;
  WITH element AS MATERIALIZED (
    SELECT place, input.value::jsonb AS input,
      CASE WHEN octet_length(input.value ->> 'key') BETWEEN 1 AND 2000 THEN input.value ->> 'key' END
        AS key
    FROM generate_series(arr.reached, upto - 1) AS place
    LEFT JOIN json_array_elements(given) WITH ORDINALITY AS input
      ON input.ordinality = place - arr.reached + 1
  ),
  numbered AS (
    SELECT nextval(pg_get_serial_sequence('job', 'id')) AS id, element.*
    FROM element ORDER BY place
  ),
  added AS (
    INSERT INTO job (
      id, created_at, rank, priority, group_id, kind_id, max_errors, key, payload, array_id,
      array_index)
    SELECT id, arr.created_at, arr.first_rank + place, arr.priority, arr.group_id,
      arr.kind_id, arr.max_errors, key,
      (arr.payload::jsonb || coalesce(input - 'key', '{}') || jsonb_build_object('index', place))::json,
      arr.id, place
    FROM numbered ORDER BY numbered.key COLLATE "C", numbered.id
    ON CONFLICT (kind_id, key) WHERE key IS NOT NULL DO NOTHING
    RETURNING id
  )
  SELECT array_agg(key ORDER BY place) INTO keys FROM element;
  UPDATE job_array SET reached = upto,
    skipped = skipped + upto - arr.reached
      - (SELECT count(*) FROM job WHERE array_id = arr.id AND array_index >= arr.reached)
  WHERE id = arr.id;
  RETURN keys;
END
$$;

-- Makes jobs of the elements of those arrays that follow one, whose elements up to `upto` are new jobs or,
-- by their `keys`, were jobs before. One that is called off remembers what it waits for, too: it may be
-- tried again.
CREATE OR REPLACE FUNCTION promote_followers(arr job_array, upto integer, keys text[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET jit = off AS $$
DECLARE
  follower job_array;
  own_keys text[];
  known bigint[];
BEGIN
  FOR follower IN SELECT * FROM job_array WHERE after_id = arr.id ORDER BY id LOOP
    own_keys := make_elements(follower, upto);
    WITH pair AS MATERIALIZED (
      SELECT job.id, job.group_id, job.kind_id, job.array_index, other.id AS new_job FROM job
      LEFT JOIN job AS other ON other.array_id = arr.id AND other.array_index = job.array_index
      WHERE job.array_id = follower.id AND job.array_index >= arr.reached
        AND job.array_index < upto
    ),
    named AS MATERIALIZED (
      SELECT pair.*, other.id AS known_job
      FROM pair LEFT JOIN job AS other ON pair.new_job IS NULL AND other.kind_id = arr.kind_id
        AND other.key = keys[pair.array_index - arr.reached + 1]
    ),
    added AS (
      INSERT INTO dependency (on_job, job_id, needs_success)
      SELECT coalesce(new_job, known_job), id, true FROM named
    ),
    held AS (
      INSERT INTO blocked (job_id, missing, group_id, kind_id)
      SELECT id, 1, group_id, kind_id FROM named WHERE NOT follower.is_cancelled
    ),
    over AS (
      INSERT INTO finished (job_id, group_id, attempts, kind_id, state)
      SELECT id, group_id, 0, kind_id, 'cancelled' FROM named WHERE follower.is_cancelled
    )
    SELECT array_agg(known_job) INTO known FROM named WHERE known_job IS NOT NULL;
    PERFORM pass_waiters(follower);
    PERFORM promote_followers(follower, upto, own_keys);
    -- Nobody can have ended a new job yet; those that were jobs before may be over, or end just now
    -- (see block_jobs).
    IF known IS NOT NULL THEN
      LOCK TABLE dependency IN ACCESS EXCLUSIVE MODE;
      PERFORM release_dependents(known);
    END IF;
  END LOOP;
END
$$;

-- Makes jobs of the next thousand elements of an array, and of those that follow them. Nobody who claims
-- waits for somebody who queues a lot: then nothing happens, and the next claim tries again.
CREATE OR REPLACE FUNCTION promote_array(arr job_array) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET jit = off AS $$
DECLARE
  upto integer := least(arr.size, arr.reached + 1000);
  member job_array;
  keys text[];
BEGIN
  FOR member IN
    SELECT * FROM job_array WHERE id = ANY (array_family(ARRAY[arr.id])) ORDER BY id FOR UPDATE
  LOOP
    IF EXISTS (
      SELECT FROM array_input WHERE array_id = member.id AND part = arr.reached / 1000
    ) AND NOT pg_try_advisory_xact_lock_shared(
      hashtextextended('avu: queueing in ' || current_schema(), 0))
    THEN
      RETURN;
    END IF;
  END LOOP;
  keys := make_elements(arr, upto);
  INSERT INTO ready (rank, job_id, urgency, lane, group_id, kind_id)
  SELECT rank, id, -priority, lane, group_id, kind_id FROM job, job_lane(arr.group_id) AS lane
  WHERE array_id = arr.id AND array_index >= arr.reached AND array_index < upto
  ORDER BY array_index;
  UPDATE job_array SET (mark_rank, mark_job) = (
    SELECT rank, id FROM job
    WHERE array_id = arr.id AND array_index >= (arr.reached + upto) / 2
    ORDER BY array_index LIMIT 1)
  WHERE id = arr.id;
  PERFORM pass_waiters(arr);
  PERFORM promote_followers(arr, upto, keys);
  PERFORM ring_bell();
END
$$;

DROP FUNCTION try_flow(job_array);

-- Makes jobs of the next elements of arrays that claims have come to.
CREATE OR REPLACE FUNCTION promote_arrays() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  arr job_array;
BEGIN
  IF NOT EXISTS (
    SELECT FROM job_array WHERE reached < size AND NOT is_cancelled AND after_id IS NULL)
  THEN
    RETURN;
  END IF;
  FOR arr IN
    SELECT * FROM job_array WHERE id IN (
      SELECT DISTINCT ON (kind_id, group_id, priority) id FROM job_array
      WHERE reached < size AND NOT is_cancelled AND after_id IS NULL
        AND (not_before IS NULL OR not_before <= now())
      ORDER BY kind_id, group_id, priority, first_rank, id
    ) AND NOT has_jobs_left(job_array)
    ORDER BY id
    FOR UPDATE SKIP LOCKED
  LOOP
    -- Somebody may have done so since the statement began.
    IF arr.reached < arr.size AND NOT arr.is_cancelled AND NOT has_jobs_left(arr) THEN
      PERFORM promote_array(arr);
    END IF;
  END LOOP;
END
$$;

-- Gives what is no job yet of arrays the last place of its collection, as others are queued now, and lets
-- it wait again if it was called off; a null priority leaves theirs. Returns how many elements.
CREATE FUNCTION place_arrays(arrays bigint[], new_priority integer) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  arr job_array;
  amount bigint := 0;
BEGIN
  FOR arr IN
    SELECT * FROM job_array WHERE id = ANY (arrays) AND reached < size
    ORDER BY kind_id, group_id, priority, id
    FOR UPDATE
  LOOP
    UPDATE job_array SET is_cancelled = false, priority = coalesce(new_priority, arr.priority),
      first_rank = 1 - arr.reached + take_ranks(
        arr.kind_id, arr.group_id, coalesce(new_priority, arr.priority), arr.size - arr.reached)
    WHERE id = arr.id;
    amount := amount + arr.size - arr.reached;
  END LOOP;
  RETURN amount;
END
$$;

-- Jobs that do not stand in `blocked`, nor have ended, although they wait for others.
CREATE FUNCTION loose_waiters() RETURNS bigint[]
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT array_agg(DISTINCT job_id) FROM (
    SELECT job_id FROM dependency UNION ALL SELECT job_id FROM array_waiter
  ) AS reason
  WHERE NOT EXISTS (SELECT FROM blocked WHERE blocked.job_id = reason.job_id)
    AND NOT EXISTS (SELECT FROM finished WHERE finished.job_id = reason.job_id)
    AND NOT EXISTS (SELECT FROM running WHERE running.job_id = reason.job_id)
$$;

-- Lets jobs that were called off while they waited for others, and wait again since a moment ago, wait for
-- those again that have not ended meanwhile.
--
-- Nobody may end one of those between the look at `dependency` and the end of this transaction: the end
-- would find nobody who waits.
CREATE FUNCTION hold_retried() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF loose_waiters() IS NULL THEN RETURN; END IF;
  PERFORM lock_dependencies();
  LOCK TABLE dependency, array_waiter IN ACCESS EXCLUSIVE MODE;
  PERFORM block_jobs(coalesce(loose_waiters(), '{}'));
END
$$;
