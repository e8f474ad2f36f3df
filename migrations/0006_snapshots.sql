-- Ends of attempts that stay as fast while somebody holds an old snapshot open.

-- Marks attempts, named by their jobs and tokens, as done; returns the jobs whose lease still held.
-- Whoever has more to do in this transaction that concerns those who wait for these jobs says
-- `releases` => false, and calls `release_dependents` in the end.
--
-- `running` is nearly empty, but may be full of dead entries; a join with the given leases would be
-- planned as a walk through all of them. The array is looked up entry by entry, and a table of the
-- pairs in memory tells whether the token is right.
CREATE OR REPLACE FUNCTION finish_jobs(
  jobs bigint[], tokens bigint[], releases boolean DEFAULT true
) RETURNS TABLE (job_id bigint)
LANGUAGE plpgsql SET search_path FROM CURRENT SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH ended AS (
    DELETE FROM running
    WHERE running.job_id = ANY (jobs)
      AND ((running.job_id, running.token) IN (SELECT * FROM unnest(jobs, tokens))) IS TRUE
    RETURNING running.*
  )
  INSERT INTO finished (job_id, token, started_at, group_id, attempts, kind_id, state, host)
  SELECT job_id, token, started_at, group_id, attempts, kind_id, 'done', host FROM ended
  RETURNING finished.job_id;
  IF releases AND EXISTS (SELECT FROM dependency) THEN PERFORM release_dependents(jobs); END IF;
END
$$;
