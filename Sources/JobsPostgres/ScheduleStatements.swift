/// How jobs are queued again and again.
enum ScheduleStatements {
  private static let columns = """
    name, kind, group_name, payload, priority, max_errors, extract(epoch FROM every)::float8 AS every,
      cron, missed, next_at, last_at, is_paused
    """

  static let list = "SELECT \(columns) FROM schedule ORDER BY name"

  /// Adds one, or puts it in place of another of the same name.
  static let save = """
    INSERT INTO schedule (
      name, kind, group_name, payload, priority, max_errors, every, cron, missed, next_at)
    VALUES (
      $1, $2, $3, $4::json, $5, $6, make_interval(secs => $7::float8), $8, $9, $10::timestamptz)
    ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, group_name = excluded.group_name,
      payload = excluded.payload, priority = excluded.priority, max_errors = excluded.max_errors,
      every = excluded.every, cron = excluded.cron, missed = excluded.missed,
      next_at = excluded.next_at, is_paused = false
    """

  static let remove = "DELETE FROM schedule WHERE name = $1"

  static let lock = "SELECT \(columns), now() AS now FROM schedule WHERE name = $1 FOR UPDATE"

  static let rest = "UPDATE schedule SET is_paused = true WHERE name = $1"

  /// Lets one go on at `$2`.
  static let resume = """
    UPDATE schedule SET is_paused = false, next_at = $2::timestamptz WHERE name = $1
    """

  static let now = "SELECT now() AS now"

  /// Those that are due, but for those that somebody else is just queueing for.
  static let due = """
    SELECT \(columns), now() AS now FROM schedule
    WHERE NOT is_paused AND next_at <= now()
    ORDER BY name LIMIT 100
    FOR UPDATE SKIP LOCKED
    """

  /// Whether the job of the kind `$1` and key `$2` still waits.
  static let isWaiting = """
    SELECT EXISTS (
      SELECT FROM job JOIN job_kind ON job_kind.id = kind_id
      WHERE job_kind.name = $1 AND job.key = $2
        AND NOT EXISTS (SELECT FROM running WHERE running.job_id = job.id)
        AND NOT EXISTS (SELECT FROM finished WHERE finished.job_id = job.id)
    ) AS is_waiting
    """

  static let advance = "UPDATE schedule SET next_at = $2, last_at = $3 WHERE name = $1"

  /// How long it is until the next time of any but `$1`; null when there is none.
  static let untilNext = """
    SELECT extract(epoch FROM min(next_at) - clock_timestamp())::float8 AS seconds FROM schedule
    WHERE NOT is_paused AND name <> ALL ($1::text[])
    """
}
