-- Steering: pauses of collections, limits of what runs at a time and of what starts in a time, and
-- how each kind of job is tried again. A claim of jobs that nothing limits costs what it did.
--
-- A collection that is paused or limited stands in a lane of its own, so that claims need not walk
-- over a million of its jobs to find the next one of somebody else. All others share lane 0. Where
-- a job stands follows from its collection alone, so a job no longer says it.

-- What nobody may claim now: jobs of a kind, of a collection, or of both; an empty name stands for
-- all. Somebody who wants to look at something first puts a row here, and takes it away again.
ALTER TABLE pause ADD COLUMN group_name text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE pause DROP CONSTRAINT pause_pkey;
ALTER TABLE pause ADD PRIMARY KEY (kind, group_name);

-- How many jobs may run at a time, on all machines together, and how many may start in a time, of
-- a kind, of a collection, or of both; an empty name stands for all. Claims that a row is about
-- take turns with its lock, so the limit is exact. Starts are counted by a bucket of `starts` that
-- fills evenly in the time `every`: `left_over` were left when it was looked at last.
CREATE TABLE job_limit (
  kind text COLLATE "C" NOT NULL,
  group_name text COLLATE "C" NOT NULL,
  max_running integer CHECK (max_running > 0),
  starts integer CHECK (starts > 0),
  every interval CHECK (every > interval '0'),
  left_over double precision,
  counted_at timestamptz,
  PRIMARY KEY (kind, group_name),
  CHECK (max_running IS NOT NULL OR starts IS NOT NULL),
  CHECK (num_nonnulls(starts, every, left_over, counted_at) IN (0, 4))
) WITH (fillfactor = 50);

-- How jobs of a kind are tried again, how long an attempt may take, and how long finished ones are
-- kept; the empty kind stands for all others. Null leaves what the row of all others says, or else
-- the program's default.
CREATE TABLE kind_policy (
  kind text COLLATE "C" PRIMARY KEY,
  -- With how many errors a job is given up, whatever it was queued with.
  max_errors integer CHECK (max_errors BETWEEN 1 AND 32767),
  -- With how many deaths of its own, and from outside, it is quarantined.
  max_deaths integer CHECK (max_deaths > 0),
  max_interruptions integer CHECK (max_interruptions > 0),
  -- The pause after the first failure, by how much it grows with each, how long it gets at most,
  -- and by which part of it, drawn at random, it is shortened.
  first_pause interval CHECK (first_pause >= interval '0'),
  growth double precision CHECK (growth BETWEEN 1 AND 1000),
  longest_pause interval CHECK (longest_pause >= interval '0'),
  jitter double precision CHECK (jitter BETWEEN 0 AND 1),
  -- How long an attempt may take before its worker ends it.
  time_limit interval CHECK (time_limit > interval '0'),
  -- How long a job that is done is kept; pruning deletes it then.
  keep interval CHECK (keep >= interval '1 hour')
);

-- What holds for each kind: its own policy, else that of all others.
CREATE VIEW policy_in_force AS
SELECT job_kind.id AS kind_id, job_kind.name AS kind,
  coalesce(own.max_errors, other.max_errors) AS max_errors,
  coalesce(own.max_deaths, other.max_deaths) AS max_deaths,
  coalesce(own.max_interruptions, other.max_interruptions) AS max_interruptions,
  coalesce(own.first_pause, other.first_pause) AS first_pause,
  coalesce(own.growth, other.growth) AS growth,
  coalesce(own.longest_pause, other.longest_pause) AS longest_pause,
  coalesce(own.jitter, other.jitter) AS jitter,
  coalesce(own.time_limit, other.time_limit) AS time_limit,
  coalesce(own.keep, other.keep) AS keep
FROM job_kind
LEFT JOIN kind_policy AS own ON own.kind = job_kind.name
LEFT JOIN kind_policy AS other ON other.kind = '';

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
  setback.failure_message
FROM job
JOIN job_kind ON job_kind.id = job.kind_id
JOIN job_group ON job_group.id = job.group_id
JOIN policy_in_force AS policy ON policy.kind_id = job.kind_id
LEFT JOIN ready ON ready.kind_id = job.kind_id
  AND ready.lane = CASE WHEN job_group.has_lane THEN job_group.id ELSE 0 END
  AND ready.urgency = -job.priority AND ready.rank = job.rank AND ready.job_id = job.id
LEFT JOIN delayed ON delayed.job_id = job.id
LEFT JOIN running ON running.job_id = job.id
LEFT JOIN finished ON finished.job_id = job.id
LEFT JOIN setback ON setback.job_id = job.id;

ALTER TABLE job DROP COLUMN lane;

CREATE INDEX job_group_lane ON job_group (id) WHERE has_lane;

-- The lane that a collection's jobs stand in. Whoever is just moving them is waited for, and waits
-- for the end of this transaction.
CREATE OR REPLACE FUNCTION job_lane(grp integer) RETURNS integer
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('avu: lanes of ' || current_schema()), grp);
  RETURN (SELECT CASE WHEN has_lane THEN id ELSE 0 END FROM job_group WHERE id = grp);
END
$$;

-- Gives a collection a lane of its own; a million jobs move in seconds, in which others can be claimed.
CREATE FUNCTION give_lane(group_name text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  grp integer := job_group_number(group_name);
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('avu: lanes of ' || current_schema()), grp);
  UPDATE job_group SET has_lane = true WHERE id = grp AND NOT has_lane;
  IF FOUND THEN
    WITH gone AS (DELETE FROM ready WHERE group_id = grp AND lane = 0 RETURNING *)
    INSERT INTO ready (rank, job_id, urgency, lane, group_id, attempts, kind_id)
    SELECT rank, job_id, urgency, grp, group_id, attempts, kind_id FROM gone ORDER BY rank, job_id;
  END IF;
END
$$;

-- Takes the lanes back that nothing asks for any more, once they are empty: jobs that were held for
-- long would come before everybody else's in lane 0.
CREATE FUNCTION take_lanes() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  grp integer;
BEGIN
  FOR grp IN
    SELECT id FROM job_group WHERE has_lane
      AND NOT EXISTS (SELECT FROM pause WHERE group_name = name)
      AND NOT EXISTS (SELECT FROM job_limit WHERE group_name = name)
  LOOP
    IF pg_try_advisory_xact_lock(hashtext('avu: lanes of ' || current_schema()), grp) THEN
      UPDATE job_group SET has_lane = false WHERE id = grp
        AND NOT EXISTS (
          SELECT FROM job_kind JOIN ready ON ready.kind_id = job_kind.id WHERE ready.lane = grp)
        AND NOT EXISTS (SELECT FROM pause WHERE group_name = name)
        AND NOT EXISTS (SELECT FROM job_limit WHERE group_name = name);
    END IF;
  END LOOP;
END
$$;

-- New jobs are where they can be claimed, however they were inserted. Rows lie in the order in which
-- they are claimed: a claim of a hundred touches two pages, not a hundred.
CREATE OR REPLACE FUNCTION place_jobs() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO ready (rank, job_id, urgency, lane, group_id, kind_id)
  SELECT rank, id, -priority, lane, group_id, kind_id FROM added
  JOIN (
    SELECT group_id, job_lane(group_id) AS lane FROM (SELECT DISTINCT group_id FROM added) AS grp
  ) AS grp USING (group_id)
  WHERE not_before IS NULL OR not_before <= now()
  ORDER BY id;
  IF FOUND THEN PERFORM ring_bell(); END IF;
  INSERT INTO delayed (job_id, due, group_id, kind_id)
  SELECT id, not_before, group_id, kind_id FROM added WHERE not_before > now();
  RETURN NULL;
END
$$;

-- Queues at most 500 jobs, given as one array for each column; returns how many were new. A null or
-- empty key is none. Ids follow the order of the arrays.
CREATE OR REPLACE FUNCTION enqueue_jobs(
  kinds text[], keys text[], payloads json[], groups text[], priorities integer[] DEFAULT '{}',
  error_limits integer[] DEFAULT '{}', delays double precision[] DEFAULT '{}'
) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  added bigint;
BEGIN
  PERFORM lock_enqueueing(cardinality(kinds));
  WITH given AS MATERIALIZED (
    SELECT place, kind, nullif(key, '') AS key, payload, group_name,
      coalesce(priority, 0) AS priority, coalesce(max_errors, 3) AS max_errors,
      now() + make_interval(secs => delay) AS not_before
    FROM unnest(kinds, keys, payloads, groups, priorities, error_limits, delays) WITH ORDINALITY
      AS given (kind, key, payload, group_name, priority, max_errors, delay, place)
  ),
  named AS MATERIALIZED (
    SELECT given.*, kind_id, group_id FROM given
    JOIN (
      SELECT kind, job_kind_number(kind) AS kind_id FROM (SELECT DISTINCT kind FROM given) AS name
    ) AS kind USING (kind)
    JOIN (
      SELECT group_name, job_group_number(group_name) AS group_id
      FROM (SELECT DISTINCT group_name FROM given) AS name
    ) AS grp USING (group_name)
  ),
  fresh AS MATERIALIZED (
    SELECT * FROM named WHERE key IS NULL OR NOT EXISTS (
      SELECT FROM job WHERE job.kind_id = named.kind_id AND job.key = named.key)
  ),
  flow AS MATERIALIZED (
    SELECT kind_id, group_id, priority, take_ranks(kind_id, group_id, priority, amount) AS taken
    FROM (
      SELECT kind_id, group_id, priority, count(*) AS amount FROM fresh
      GROUP BY kind_id, group_id, priority ORDER BY kind_id, group_id, priority
    ) AS flow
  ),
  numbered AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('job', 'id')) AS id, ordered.*
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

-- Makes ready what became due.
CREATE FUNCTION promote_jobs() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  WITH due AS MATERIALIZED (
    SELECT delayed.job_id FROM delayed WHERE due <= now() ORDER BY due, job_id LIMIT 1000
    FOR UPDATE SKIP LOCKED
  ),
  gone AS (
    DELETE FROM delayed USING due WHERE delayed.job_id = due.job_id
    RETURNING delayed.job_id, delayed.group_id, delayed.attempts
  )
  INSERT INTO ready (rank, job_id, urgency, lane, group_id, attempts, kind_id)
  SELECT job.rank, job.id, -job.priority, lane, job.group_id, gone.attempts, job.kind_id
  FROM gone JOIN job ON job.id = gone.job_id
  JOIN (
    SELECT group_id, job_lane(group_id) AS lane FROM (SELECT DISTINCT group_id FROM gone) AS grp
  ) AS grp ON grp.group_id = job.group_id;
END
$$;

-- How many jobs may start now by a limit of starts; null without one.
CREATE FUNCTION starts_left(of_limit job_limit) RETURNS double precision
LANGUAGE sql VOLATILE AS $$
  SELECT least(
    of_limit.starts,
    of_limit.left_over + of_limit.starts
      * greatest(0, extract(epoch FROM clock_timestamp() - of_limit.counted_at)::float8)
      / extract(epoch FROM of_limit.every)::float8)
$$;

-- How many jobs the limits leave room for that are about the kinds `wanted`: one element a limit,
-- with 0 for all kinds or all collections. The limits stay locked until the end of the transaction.
CREATE FUNCTION rooms_left(
  wanted text[], OUT kind_ids smallint[], OUT group_ids integer[], OUT rooms bigint[]
)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM FROM job_limit WHERE kind = '' OR kind = ANY (wanted) ORDER BY kind, group_name FOR UPDATE;
  -- A statement of its own: it sees what those have claimed that were waited for.
  SELECT array_agg(kind_id), array_agg(group_id), array_agg(room)
  INTO kind_ids, group_ids, rooms
  FROM (
    SELECT coalesce(job_kind.id, 0::smallint) AS kind_id, coalesce(job_group.id, 0) AS group_id,
      least(
        max_running - (
          SELECT count(*) FROM running
          WHERE (running.kind_id = job_kind.id OR job_limit.kind = '')
            AND (running.group_id = job_group.id OR job_limit.group_name = '')),
        floor(starts_left(job_limit))::bigint) AS room
    FROM job_limit
    LEFT JOIN job_kind ON job_kind.name = job_limit.kind
    LEFT JOIN job_group ON job_group.name = job_limit.group_name
    WHERE (job_limit.kind = '' OR job_limit.kind = ANY (wanted) AND job_kind.id IS NOT NULL)
      AND (job_limit.group_name = '' OR job_group.id IS NOT NULL)
  ) AS room;
END
$$;

-- Takes the jobs that were claimed with a token off what may start.
CREATE FUNCTION count_starts(wanted text[], by_token bigint) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE job_limit SET
    left_over = starts_left(job_limit) - claimed.amount, counted_at = clock_timestamp()
  FROM (
    SELECT job_limit.kind, job_limit.group_name, count(*) AS amount
    FROM job_limit, running
    JOIN job_kind ON job_kind.id = running.kind_id
    JOIN job_group ON job_group.id = running.group_id
    WHERE running.token = by_token AND starts IS NOT NULL
      AND job_limit.kind IN ('', job_kind.name) AND job_limit.group_name IN ('', job_group.name)
    GROUP BY job_limit.kind, job_limit.group_name
  ) AS claimed
  WHERE claimed.kind = job_limit.kind AND claimed.group_name = job_limit.group_name;
END
$$;

-- Takes what a claim gets when there are lanes or limits: as `claim_jobs` looks through lane 0, all lanes
-- that nobody has paused, and no more of each than there is room for. A lane whose jobs were held
-- takes turns with the others from where they are now, not from where it was: `rank` says so.
CREATE FUNCTION take_limited_jobs(
  wanted text[], urgencies integer[], ranks bigint[], ids bigint[], most bigint
) RETURNS SETOF ready
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
  left_room record;
BEGIN
  SELECT * INTO left_room FROM rooms_left(wanted);
  RETURN QUERY
  WITH limits AS MATERIALIZED (
    SELECT * FROM unnest(left_room.kind_ids, left_room.group_ids, left_room.rooms)
      AS part (kind_id, group_id, room)
  ),
  source AS MATERIALIZED (
    SELECT job_kind.id AS kind_id, lane.id AS lane, given.urgency, given.rank, given.job_id,
      greatest(0, least(most, (
        SELECT min(room) FROM limits
        WHERE limits.kind_id IN (0, job_kind.id) AND limits.group_id IN (0, lane.id)))) AS room
    FROM unnest(wanted, urgencies, ranks, ids) AS given (kind, urgency, rank, job_id)
    JOIN job_kind ON job_kind.name = given.kind
    CROSS JOIN LATERAL (
      SELECT 0 AS id, '' AS name
      UNION ALL
      SELECT job_group.id, job_group.name FROM job_group WHERE has_lane
    ) AS lane
    WHERE NOT EXISTS (
      SELECT FROM pause
      WHERE pause.kind IN ('', given.kind) AND pause.group_name IN ('', lane.name))
  ),
  turning AS (
    SELECT found.*,
      CASE WHEN found.lane = 0 THEN found.rank ELSE greatest(found.rank,
        coalesce((SELECT turn.rank FROM turn WHERE turn.priority = -found.urgency), 0)
        + row_number() OVER (
          PARTITION BY found.kind_id, found.lane, found.urgency
          ORDER BY found.rank, found.job_id)) END AS turn
    FROM source CROSS JOIN LATERAL (
      SELECT ready.ctid AS place, ready.* FROM ready
      WHERE ready.kind_id = source.kind_id AND ready.lane = source.lane
        AND (source.lane > 0 OR (ready.urgency, ready.rank, ready.job_id)
          > (coalesce(source.urgency, -2147483648), coalesce(source.rank, 0),
            coalesce(source.job_id, 0)))
      ORDER BY ready.urgency, ready.rank, ready.job_id
      LIMIT source.room
      FOR UPDATE SKIP LOCKED
    ) AS found
  ),
  numbered AS (
    SELECT turning.*, row_number() OVER (ORDER BY urgency, turn, job_id) AS in_all,
      row_number() OVER (PARTITION BY kind_id ORDER BY urgency, turn, job_id) AS in_kind,
      row_number() OVER (PARTITION BY group_id ORDER BY urgency, turn, job_id) AS in_group,
      row_number() OVER (PARTITION BY kind_id, group_id ORDER BY urgency, turn, job_id) AS in_both
    FROM turning
  ),
  next AS MATERIALIZED (
    SELECT place, turn FROM numbered
    WHERE NOT EXISTS (
      SELECT FROM limits
      WHERE limits.kind_id IN (0, numbered.kind_id) AND limits.group_id IN (0, numbered.group_id)
        AND room < CASE
          WHEN limits.kind_id = 0 AND limits.group_id = 0 THEN in_all
          WHEN limits.group_id = 0 THEN in_kind
          WHEN limits.kind_id = 0 THEN in_group
          ELSE in_both END)
    ORDER BY urgency, turn, job_id
    LIMIT most
  )
  DELETE FROM ready USING next WHERE ready.ctid = next.place
  RETURNING next.turn, ready.job_id, ready.urgency, ready.lane, ready.group_id, ready.attempts,
    ready.kind_id;
END
$$;

DROP FUNCTION claim_jobs(
  text[], integer[], bigint[], bigint[], bigint, bigint, uuid, text, double precision, boolean,
  boolean, uuid, boolean);

-- Up to `most` jobs of the kinds `wanted`, with the token `new_token`, for the worker
-- `by_worker` on the host `on_host`, for `seconds` seconds.
--
-- Each kind is looked through from just behind the place that the caller was given last
-- (`urgencies`, `ranks`, `ids`; null begins at the front): what was claimed before it leaves dead
-- entries in the index, which a claim would otherwise walk over again and again, above all while
-- somebody holds an old snapshot open. Places are those of lane 0; other lanes are looked through
-- from their front. `promotes`: first make ready what is due. `advances`: note how far claims have
-- come. `asleep_as`: who is to be told of new jobs when there are too few now. `is_alone`: nothing
-- else is done in this transaction, so it need not wait for the disk: a claim that a crash of the
-- server takes back was never made, and its token ends nothing.
--
-- `time_limit`: after how many seconds the attempt is to be ended, by the kind's policy.
CREATE FUNCTION claim_jobs(
  wanted text[], urgencies integer[], ranks bigint[], ids bigint[], most bigint,
  new_token bigint, by_worker uuid, on_host text, seconds double precision, promotes boolean,
  advances boolean, asleep_as uuid, is_alone boolean
) RETURNS TABLE (
  id bigint, kind text, key text, group_name text, payload json, attempts integer,
  urgency integer, rank bigint, lane integer, time_limit double precision)
LANGUAGE plpgsql SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
  claimed bigint;
  has_limits boolean := EXISTS (SELECT FROM job_limit);
  -- One lane without limits: there is nothing to mind but the order.
  is_plain boolean := NOT has_limits AND NOT EXISTS (SELECT FROM job_group WHERE has_lane);
  taken ready[];
BEGIN
  IF is_alone THEN PERFORM set_config('synchronous_commit', 'off', true); END IF;
  IF promotes THEN PERFORM promote_jobs(); END IF;
  IF NOT is_plain THEN
    -- A statement of its own: the one below sees no job that came while this one waited for limits.
    SELECT array_agg(job) INTO taken
    FROM take_limited_jobs(wanted, urgencies, ranks, ids, most) AS job;
  END IF;
  RETURN QUERY
  WITH wanted_kind AS MATERIALIZED (
    SELECT policy.kind_id AS id, given.kind AS name, given.urgency, given.rank, given.id AS job_id,
      extract(epoch FROM policy.time_limit)::float8 AS time_limit
    FROM unnest(wanted, urgencies, ranks, ids) AS given (kind, urgency, rank, id)
    JOIN policy_in_force AS policy ON policy.kind = given.kind
    WHERE NOT EXISTS (
      SELECT FROM pause WHERE pause.kind IN ('', given.kind) AND pause.group_name = '')
  ),
  next AS MATERIALIZED (
    (
      SELECT found.*, wanted_kind.name AS kind, wanted_kind.time_limit
      FROM wanted_kind CROSS JOIN LATERAL (
        SELECT ready.ctid AS place, ready.rank, ready.job_id, ready.urgency, ready.lane,
          ready.group_id, ready.attempts, ready.kind_id
        FROM ready
        WHERE is_plain AND ready.kind_id = wanted_kind.id AND ready.lane = 0
          AND (ready.urgency, ready.rank, ready.job_id)
            > (coalesce(wanted_kind.urgency, -2147483648), coalesce(wanted_kind.rank, 0),
              coalesce(wanted_kind.job_id, 0))
        ORDER BY ready.urgency, ready.rank, ready.job_id
        LIMIT most
        FOR UPDATE SKIP LOCKED
      ) AS found
      ORDER BY found.urgency, found.rank, found.job_id
      LIMIT most
    )
    UNION ALL
    -- Also of a kind that was paused since.
    SELECT NULL, job.*, policy.kind, extract(epoch FROM policy.time_limit)::float8
    FROM unnest(taken) AS job JOIN policy_in_force AS policy ON policy.kind_id = job.kind_id
  ),
  gone AS (DELETE FROM ready USING next WHERE ready.ctid = next.place),
  begun AS (
    INSERT INTO running (
      job_id, token, lease_until, worker, group_id, attempts, kind_id, host)
    SELECT job_id, new_token, now() + make_interval(secs => seconds), by_worker, group_id,
      attempts + 1, kind_id, on_host
    FROM next
  ),
  advanced AS (
    INSERT INTO turn (priority, rank)
    SELECT -next.urgency, max(next.rank) FROM next WHERE advances GROUP BY next.urgency
    ORDER BY next.urgency
    ON CONFLICT (priority) DO UPDATE SET rank = excluded.rank WHERE turn.rank < excluded.rank
  )
  SELECT next.job_id, next.kind, coalesce(job.key, ''), job_group.name, job.payload,
    next.attempts + 1, next.urgency, next.rank, next.lane, next.time_limit
  FROM next JOIN job ON job.id = next.job_id JOIN job_group ON job_group.id = next.group_id;
  GET DIAGNOSTICS claimed = ROW_COUNT;
  IF has_limits AND claimed > 0 THEN PERFORM count_starts(wanted, new_token); END IF;
  IF asleep_as IS NOT NULL THEN
    IF claimed < most THEN
      INSERT INTO sleeper (id) VALUES (asleep_as) ON CONFLICT DO NOTHING;
    ELSE
      DELETE FROM sleeper WHERE sleeper.id = asleep_as;
    END IF;
  END IF;
END
$$;
