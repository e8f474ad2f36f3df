/// What each profile may change, table by table; all of them may look at all tables.
///
/// A row that is locked needs the right to change some column of it. Where locking is all that is
/// needed, that is one which nobody relies on.
enum RoleRights {
  /// The rights of a profile: for each table what is granted besides `SELECT`.
  static func of(_ profile: RoleProfile) -> [(table: String, rights: String)] {
    switch profile {
    case .reader: []
    case .worker: worker
    case .submitter: submitter
    }
  }

  private static let worker: [(table: String, rights: String)] = [
    // Results.
    ("model", "INSERT"),
    ("prediction", "INSERT"),
    ("clip_score", "INSERT, UPDATE"),
    // Claiming, ending and rescuing. Jobs are added by handlers and schedules, and pruned by one.
    ("job", "INSERT, DELETE"),
    ("job_kind", "INSERT"),
    ("job_group", "INSERT, UPDATE (has_lane)"),
    ("job_flow", "INSERT, UPDATE"),
    ("turn", "INSERT, UPDATE"),
    ("ready", "INSERT, UPDATE, DELETE"),
    ("delayed", "INSERT, UPDATE, DELETE"),
    ("blocked", "INSERT, UPDATE, DELETE"),
    ("dependency", "INSERT, DELETE"),
    ("running", "INSERT, UPDATE, DELETE"),
    ("finished", "INSERT, UPDATE, DELETE"),
    ("setback", "INSERT, UPDATE, DELETE"),
    ("attempt", "INSERT, DELETE"),
    ("job_output", "INSERT, UPDATE, DELETE"),
    ("worker", "INSERT, UPDATE, DELETE"),
    ("sleeper", "INSERT, DELETE"),
    // What people have set: only how far it is used up.
    ("job_limit", "UPDATE (left_over, counted_at)"),
    ("schedule", "UPDATE (next_at, last_at)"),
    // Elements become jobs with claims.
    ("job_array", "UPDATE (reached, skipped, mark_rank, mark_job), DELETE"),
    ("array_input", "DELETE"),
    ("array_waiter", "DELETE"),
  ]

  private static let submitter: [(table: String, rights: String)] = [
    // Clips and truth. A changed truth drops its scores.
    ("collection", "INSERT, UPDATE"),
    ("video", "INSERT"),
    ("clip", "INSERT, UPDATE"),
    ("truth", "INSERT, UPDATE"),
    ("clip_score", "DELETE"),
    // Queueing, steering and pruning.
    ("job", "INSERT, UPDATE (rank, priority), DELETE"),
    ("job_kind", "INSERT"),
    ("job_group", "INSERT, UPDATE (has_lane)"),
    ("job_flow", "INSERT, UPDATE"),
    ("ready", "INSERT, DELETE"),
    ("delayed", "INSERT, DELETE"),
    ("blocked", "INSERT, UPDATE, DELETE"),
    ("dependency", "INSERT, DELETE"),
    ("running", "UPDATE (progress), DELETE"),
    ("finished", "INSERT, UPDATE (host), DELETE"),
    ("setback", "INSERT, UPDATE (prerequisite), DELETE"),
    ("attempt", "INSERT, DELETE"),
    ("job_output", "DELETE"),
    ("job_array", "INSERT, UPDATE, DELETE"),
    ("array_input", "INSERT, DELETE"),
    ("array_waiter", "INSERT, DELETE"),
    // What people set.
    ("pause", "INSERT, DELETE"),
    ("job_limit", "INSERT, DELETE"),
    ("kind_policy", "INSERT, DELETE"),
    ("schedule", "INSERT, UPDATE, DELETE"),
  ]
}
