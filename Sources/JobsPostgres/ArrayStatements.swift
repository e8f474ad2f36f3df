/// How arrays of jobs are queued, looked at and steered.
enum ArrayStatements {
  /// Queues one; null when it is known.
  static let enqueue = """
    SELECT enqueue_array($1, $2, $3::json, $4, $5::integer, $6::integer, $7::integer, $8::float8,
      $9::bigint) AS id
    """

  /// The inputs `$3` of the parts `$2` of the array `$1`.
  static let addInputs = """
    INSERT INTO array_input (array_id, part, inputs)
    SELECT $1, part, inputs FROM unnest($2::integer[], $3::json[]) AS given (part, inputs)
    """

  /// Arrays with the numbers `$1`, of the collection `$2` and kind `$3`; null does not narrow.
  private static let matches = """
    ($1::bigint[] IS NULL OR id = ANY ($1)) AND ($2::text IS NULL OR group_name = $2)
      AND ($3::text IS NULL OR kind = $3)
    """

  static let list = "SELECT * FROM array_status WHERE \(matches) ORDER BY id"

  private static let named = """
    SELECT job_array.id FROM job_array JOIN job_kind ON job_kind.id = kind_id
    JOIN job_group ON job_group.id = group_id
    WHERE reached < size AND ($1::bigint[] IS NULL OR job_array.id = ANY ($1))
      AND ($2::text IS NULL OR job_group.name = $2) AND ($3::text IS NULL OR job_kind.name = $3)
    """

  /// Calls off what is no job yet.
  static let cancel = "SELECT cancel_arrays(ARRAY(\(named))) AS changed"

  /// Takes that back.
  static let retry = """
    SELECT place_arrays(ARRAY(
      SELECT id FROM job_array WHERE is_cancelled AND id = ANY (array_family(ARRAY(\(named))))
    ), NULL) AS changed
    """

  /// Gives what is no job yet the priority `$4`.
  static let prioritize = """
    SELECT place_arrays(ARRAY(
      SELECT id FROM job_array WHERE priority <> $4::integer AND NOT is_cancelled AND id IN (\(named))
    ), $4::integer) AS changed
    """

  /// Lets what is no job yet wait until `$4`.
  static let postpone = """
    WITH moved AS (
      UPDATE job_array SET not_before = $4::timestamptz
      WHERE not_before IS DISTINCT FROM $4::timestamptz AND after_id IS NULL AND NOT is_cancelled
        AND id IN (\(named))
      RETURNING size - reached AS rest
    )
    SELECT coalesce(sum(rest), 0)::bigint AS changed FROM moved
    """

  /// The jobs of the array `$1` with the numbers `$2`; null for all.
  static let jobs = """
    SELECT id FROM job
    WHERE array_id = $1 AND ($2::integer[] IS NULL OR array_index = ANY ($2)) ORDER BY array_index
    """

  /// The jobs of the array `$1`, and those that wait for them in arrays that follow it.
  static let jobsToCancel = """
    SELECT id FROM job
    WHERE array_id = $1 OR array_id = ANY (array_family(ARRAY[$1::bigint]))
      AND EXISTS (SELECT FROM blocked WHERE blocked.job_id = job.id)
    """

  /// Keeps what matches the filter `$1` to `$5` from becoming jobs until the end of the transaction.
  static let lock = """
    SELECT FROM job_array WHERE reached < size AND \(isWaiting) ORDER BY id FOR UPDATE
    """

  /// Whether a row of `job_array` is about jobs that match the filter `$1` to `$5` and wait.
  static let isWaiting = """
    NOT is_cancelled AND $1::bigint[] IS NULL AND $5::text[] IS NULL
      AND ($2::text[] IS NULL OR 'waiting' = ANY ($2))
      AND ($3::text IS NULL OR group_id = (SELECT id FROM job_group WHERE name = $3))
      AND ($4::text IS NULL OR kind_id = (SELECT id FROM job_kind WHERE name = $4))
    """

  /// Forgets arrays whose jobs are all forgotten: those of `$1` and `$2`, a collection and kind, that
  /// were queued `$3` seconds ago, or as long ago as their policy says.
  static let prune = """
    DELETE FROM job_array USING policy_in_force AS policy, job_group
    WHERE policy.kind_id = job_array.kind_id AND job_group.id = job_array.group_id
      AND (reached = size OR is_cancelled)
      AND job_array.created_at < now() - coalesce(make_interval(secs => $3::float8), policy.keep)
      AND ($1::text IS NULL OR job_group.name = $1) AND ($2::text IS NULL OR policy.kind = $2)
      AND NOT EXISTS (SELECT FROM job WHERE job.array_id = job_array.id)
      AND NOT EXISTS (SELECT FROM array_waiter WHERE array_waiter.array_id = job_array.id)
      AND NOT EXISTS (SELECT FROM job_array AS other WHERE other.after_id = job_array.id)
    """
}
