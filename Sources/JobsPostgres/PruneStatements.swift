/// How ended jobs are forgotten.
enum PruneStatements {
  /// Ended jobs that match the filter `$1` to `$5`, have ended `$6` seconds ago, or as long ago as
  /// their policy says, and that nobody waits for.
  private static let chosen = """
    FROM finished
    JOIN policy_in_force AS policy ON policy.kind_id = finished.kind_id
    JOIN job_group ON job_group.id = finished.group_id
    WHERE finished_at < now() - coalesce(make_interval(secs => $6::float8), policy.keep)
      AND ($1::bigint[] IS NULL OR job_id = ANY ($1)) AND state = ANY ($2::text[])
      AND ($3::text IS NULL OR job_group.name = $3) AND ($4::text IS NULL OR policy.kind = $4)
      AND ($5::text[] IS NULL OR (SELECT key FROM job WHERE job.id = finished.job_id) = ANY ($5))
      AND NOT EXISTS (
        SELECT FROM dependency JOIN blocked USING (job_id) WHERE on_job = finished.job_id)
    """

  static let count = "SELECT count(*) AS count \(chosen)"

  /// Keeps others from beginning to wait for a job that is just being forgotten: nothing would tell them
  /// that it is over.
  static let lock = "LOCK TABLE dependency IN SHARE ROW EXCLUSIVE MODE"

  /// At most `$8` of them, those with the lowest numbers above `$7`.
  static let prune = """
    WITH chosen AS MATERIALIZED (
      SELECT job_id \(chosen) AND job_id > $7::bigint
      ORDER BY job_id LIMIT $8::bigint
      FOR UPDATE OF finished SKIP LOCKED
    ),
    ended AS (DELETE FROM finished USING chosen WHERE finished.job_id = chosen.job_id),
    setbacks AS (DELETE FROM setback USING chosen WHERE setback.job_id = chosen.job_id),
    attempts AS (DELETE FROM attempt USING chosen WHERE attempt.job_id = chosen.job_id),
    reasons AS (
      DELETE FROM dependency
      WHERE job_id IN (SELECT job_id FROM chosen) OR on_job IN (SELECT job_id FROM chosen)
    ),
    batches AS (DELETE FROM array_waiter USING chosen WHERE array_waiter.job_id = chosen.job_id),
    outputs AS (DELETE FROM job_output USING chosen WHERE job_output.job_id = chosen.job_id),
    gone AS (DELETE FROM job USING chosen WHERE job.id = chosen.job_id)
    SELECT max(job_id) AS reached, count(*) AS count FROM chosen
    """
}
