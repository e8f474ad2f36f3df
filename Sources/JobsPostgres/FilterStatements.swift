/// How people look at the queue and steer it.
enum FilterStatements {
  /// `$1` ids, `$2` states, `$3` collection, `$4` kind, `$5` keys; null does not narrow.
  static let matches = """
    ($1::bigint[] IS NULL OR job.id = ANY ($1))
      AND ($2::text[] IS NULL OR job.state = ANY ($2))
      AND ($3::text IS NULL OR job.group_name = $3)
      AND ($4::text IS NULL OR job.kind = $4)
      AND ($5::text[] IS NULL OR job.key = ANY ($5))
    """

  /// At most `$6` jobs that match, after the first `$7`.
  static let list = """
    SELECT \(columns) FROM job WHERE \(matches) ORDER BY job.id LIMIT $6::bigint OFFSET $7::bigint
    """

  static let count = "SELECT count(*) AS total FROM job WHERE \(matches)"

  static let show = "SELECT \(columns) FROM job WHERE job.id = $1"

  static let attempts = """
    SELECT number, host, started_at, ended_at, outcome, message FROM attempt WHERE job_id = $1
    ORDER BY number
    """

  /// Jobs by collection, kind and state, with how many ended in the last `$1` seconds.
  static let counts = """
    SELECT group_name, kind, state, count(*) AS count,
      count(*) FILTER (WHERE finished_at > now() - make_interval(secs => $1)) AS finished_lately,
      coalesce(
        extract(
          epoch FROM now() - min(finished_at) FILTER (
            WHERE finished_at > now() - make_interval(secs => $1))),
        0)::float8 AS lately_seconds
    FROM job GROUP BY group_name, kind, state ORDER BY group_name, kind, state
    """

  /// Workers of which something was heard in the last two minutes, or whose leases still hold.
  static let workers = """
    SELECT id, host, process, started_at,
      extract(epoch FROM now() - seen_at)::float8 AS silent_seconds,
      (SELECT count(*) FROM job WHERE job.state = 'running' AND job.worker = worker.id) AS running
    FROM worker
    WHERE seen_at > now() - interval '2 minutes' OR EXISTS (
      SELECT FROM job
      WHERE job.state = 'running' AND job.worker = worker.id AND job.lease_until > now())
    ORDER BY host, process, started_at
    """

  static let pause = "INSERT INTO pause (kind) VALUES ($1) ON CONFLICT DO NOTHING"

  static let resume = "DELETE FROM pause WHERE $1::text IS NULL OR kind = $1"

  static let pauses = "SELECT kind, since FROM pause ORDER BY kind"

  private static let columns = """
    job.id, job.kind, job.key, job.payload, job.group_name, job.state, job.priority, job.attempts,
      job.errors, job.deaths, job.interruptions, job.max_errors, job.progress, job.created_at, job.not_before,
      job.started_at, job.finished_at, job.host, job.failure_kind, job.failure_message
    """
}
