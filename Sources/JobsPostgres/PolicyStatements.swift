/// How limits and the policies of kinds are kept. Names are empty for all kinds or collections.
enum PolicyStatements {
  /// The part of a policy by which failures are judged.
  static let retries = """
    policy.max_deaths, policy.max_interruptions,
      extract(epoch FROM policy.first_pause)::float8 AS first_pause, policy.growth,
      extract(epoch FROM policy.longest_pause)::float8 AS longest_pause, policy.jitter
    """

  static let policies = """
    SELECT kind, max_errors, \(retries), extract(epoch FROM time_limit)::float8 AS time_limit,
      extract(epoch FROM keep)::float8 AS keep
    FROM kind_policy AS policy ORDER BY kind
    """

  static let deletePolicy = "DELETE FROM kind_policy WHERE kind = $1"

  static let addPolicy = """
    INSERT INTO kind_policy (
      kind, max_errors, max_deaths, max_interruptions, first_pause, growth, longest_pause, jitter,
      time_limit, keep)
    VALUES (
      $1, $2, $3, $4, make_interval(secs => $5::float8), $6, make_interval(secs => $7::float8), $8,
      make_interval(secs => $9::float8), make_interval(secs => $10::float8))
    """

  static let limits = """
    SELECT kind, group_name, max_running, starts, extract(epoch FROM every)::float8 AS every
    FROM job_limit ORDER BY kind, group_name
    """

  static let deleteLimit = "DELETE FROM job_limit WHERE kind = $1 AND group_name = $2"

  /// A limit of starts begins with all of them left.
  static let addLimit = """
    INSERT INTO job_limit (kind, group_name, max_running, starts, every, left_over, counted_at)
    VALUES (
      $1, $2, $3, $4, make_interval(secs => $5::float8), $4::integer,
      CASE WHEN $4::integer IS NOT NULL THEN clock_timestamp() END)
    """

  /// Lets the jobs of the collection `$1` stand by themselves.
  static let giveLane = "SELECT give_lane($1)"

  /// Keeps other changes of limits and policies out until the end of the transaction, and claims before
  /// they lock a limit: one that had done so would wait for this, and this for it.
  static let lock = "LOCK TABLE job_limit, kind_policy IN EXCLUSIVE MODE"
}
