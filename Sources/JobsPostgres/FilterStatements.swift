import Jobs

/// How people look at the queue and steer it.
enum FilterStatements {
  /// `$1` ids, `$2` states, `$3` collection, `$4` kind, `$5` keys; null does not narrow.
  static let matches = """
    ($1::bigint[] IS NULL OR id = ANY ($1))
      AND ($2::text[] IS NULL OR state = ANY ($2))
      AND ($3::text IS NULL OR group_name = $3)
      AND ($4::text IS NULL OR kind = $4)
      AND ($5::text[] IS NULL OR key = ANY ($5))
    """

  /// At most `$6` jobs that match, after the first `$7`.
  static func list(_ states: Set<JobState>?) -> String {
    """
    SELECT * FROM job_status WHERE \(matches)\(narrowing(states))
    ORDER BY id LIMIT $6::bigint OFFSET $7::bigint
    """
  }

  static func count(_ states: Set<JobState>?) -> String {
    "SELECT count(*) AS total FROM job_status WHERE \(matches)\(narrowing(states))"
  }

  /// Where to begin when only a few states are wanted: at the tables that hold only those.
  private static func narrowing(_ states: Set<JobState>?) -> String {
    switch states {
    case [.running]: " AND id IN (SELECT job_id FROM running)"
    case .some(let states) where states.isDisjoint(with: [.waiting, .running, .done]):
      " AND id IN (SELECT job_id FROM finished WHERE state <> 'done' AND state = ANY ($2))"
    default: ""
    }
  }

  static let show = "SELECT * FROM job_status WHERE id = ANY ($1)"

  /// Twenty of those that the job `$1` waits for.
  static let prerequisites = """
    SELECT * FROM job_status WHERE id IN (
      SELECT on_job FROM dependency WHERE job_id = $1 ORDER BY on_job LIMIT 20)
    ORDER BY id
    """

  /// Twenty of those that wait for the job `$1`.
  static let waiters = """
    SELECT job_status.*, needs_success FROM job_status JOIN (
      SELECT job_id, needs_success FROM dependency WHERE on_job = $1 ORDER BY job_id LIMIT 20
    ) AS waiter ON waiter.job_id = job_status.id
    ORDER BY id
    """

  static let output = "SELECT document FROM job_output WHERE job_id = $1"

  static let attempts = """
    SELECT job_id, number, host, started_at, ended_at, outcome, message
    FROM attempt WHERE job_id = ANY ($1)
    UNION ALL
    SELECT job_id, attempts, host, started_at, finished_at, 'done', NULL FROM finished
    WHERE job_id = ANY ($1) AND state = 'done'
    ORDER BY job_id, number
    """

  /// Jobs by collection, kind and state, with how many ended in the last `$1` seconds.
  static let counts = """
    WITH job_count AS (
      SELECT group_id, kind_id, 'waiting' AS state, count(*) AS count, 0::bigint AS lately,
        NULL::timestamptz AS since
      FROM ready GROUP BY group_id, kind_id
      UNION ALL
      SELECT group_id, kind_id, 'waiting', count(*), 0, NULL FROM delayed GROUP BY group_id, kind_id
      UNION ALL
      SELECT group_id, kind_id, 'waiting', count(*), 0, NULL FROM blocked GROUP BY group_id, kind_id
      UNION ALL
      SELECT group_id, kind_id, CASE WHEN is_cancelled THEN 'cancelled' ELSE 'waiting' END,
        sum(size - reached), 0, NULL
      FROM job_array WHERE reached < size GROUP BY group_id, kind_id, is_cancelled
      UNION ALL
      SELECT group_id, kind_id, 'running', count(*), 0, NULL FROM running GROUP BY group_id, kind_id
      UNION ALL
      SELECT group_id, kind_id, state, count(*),
        count(*) FILTER (WHERE finished_at > now() - make_interval(secs => $1)),
        min(finished_at) FILTER (WHERE finished_at > now() - make_interval(secs => $1))
      FROM finished GROUP BY group_id, kind_id, state
    )
    SELECT job_group.name AS group_name, job_kind.name AS kind, state,
      sum(count)::bigint AS count, sum(lately)::bigint AS finished_lately,
      coalesce(extract(epoch FROM now() - min(since)), 0)::float8 AS lately_seconds
    FROM job_count JOIN job_kind ON job_kind.id = kind_id JOIN job_group ON job_group.id = group_id
    GROUP BY job_group.name, job_kind.name, state
    ORDER BY job_group.name, job_kind.name, state
    """

  /// Workers of which something was heard in the last two minutes, or whose leases still hold.
  static let workers = """
    SELECT id, host, process, started_at,
      extract(epoch FROM now() - seen_at)::float8 AS silent_seconds,
      (SELECT count(*) FROM running WHERE running.worker = worker.id) AS running
    FROM worker
    WHERE seen_at > now() - interval '2 minutes' OR EXISTS (
      SELECT FROM running WHERE running.worker = worker.id AND running.lease_until > now())
    ORDER BY host, process, started_at
    """

  static let pause = "INSERT INTO pause (kind, group_name) VALUES ($1, $2) ON CONFLICT DO NOTHING"

  static let resume = "DELETE FROM pause WHERE kind = $1 AND group_name = $2 OR $3"

  static let pauses = "SELECT kind, group_name, since FROM pause ORDER BY kind, group_name"
}
