/// How jobs wait for others, and what they say of themselves.
enum DependencyStatements {
  static let lock = "SELECT lock_dependencies()"

  /// Lets the jobs of the kinds `$1` and keys `$2` wait for those of the kinds `$3` and keys `$4`.
  static let waitForSome = """
    SELECT unknown_kind, unknown_key
    FROM add_dependencies($1::text[], $2::text[], $3::text[], $4::text[])
    """

  /// Lets the new job of the kind `$6` and key `$7` wait for the end of all that match the filter
  /// `$1` to `$5`.
  static let waitForAll = """
    WITH callback AS MATERIALIZED (
      SELECT job.id FROM job JOIN job_kind ON job_kind.id = kind_id
      WHERE job_kind.name = $6 AND job.key = $7
    ),
    member AS MATERIALIZED (
      SELECT id FROM job_status
      WHERE state IN ('waiting', 'running') AND \(FilterStatements.matches)
    ),
    added AS (
      INSERT INTO dependency (on_job, job_id, needs_success)
      SELECT member.id, callback.id, false FROM member, callback WHERE member.id <> callback.id
    ),
    open AS (
      INSERT INTO array_waiter (array_id, job_id)
      SELECT job_array.id, callback.id FROM callback, job_array
      WHERE reached < size AND \(ArrayStatements.isWaiting)
    )
    SELECT id FROM callback
    """

  static let block = "SELECT block_jobs($1::bigint[])"

  /// Lets those who wait for the end of the job `$1` wait for that of the kinds `$2` and keys `$3`.
  static let join = "SELECT join_batches($1, $2::text[], $3::text[])"

  static let recordOutput = """
    INSERT INTO job_output (job_id, document) VALUES ($1, $2::json)
    ON CONFLICT (job_id) DO UPDATE SET document = excluded.document
    """
}
