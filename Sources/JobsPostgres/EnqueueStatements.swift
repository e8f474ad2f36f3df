/// How jobs get into the queue.
enum EnqueueStatements {
  /// A few jobs, as one array for each column.
  static let addFew = """
    SELECT enqueue_jobs(
      $1::text[], $2::text[], $3::json[], $4::text[], $5::integer[], $6::integer[], $7::float8[])
      AS added
    """

  static let createIncoming = """
    CREATE TEMPORARY TABLE incoming_job (
      place bigint NOT NULL,
      kind text COLLATE "C" NOT NULL,
      key text COLLATE "C",
      payload json NOT NULL,
      group_name text COLLATE "C" NOT NULL,
      priority integer NOT NULL,
      max_errors integer NOT NULL,
      delay double precision
    ) ON COMMIT DROP
    """

  static let copyIncoming = """
    COPY incoming_job (place, kind, key, payload, group_name, priority, max_errors, delay)
    FROM STDIN
    """

  static let dropIncoming = "DROP TABLE incoming_job"

  /// Keeps others from queueing more than one until the end of the transaction.
  static let lock = "SELECT lock_enqueueing($1)"

  /// Queues what was copied, in its order, in parts that lie together.
  static let addIncoming = """
    SELECT coalesce(sum(enqueue_jobs(
      kinds, keys, payloads, groups, priorities, error_limits, delays)), 0)::bigint AS added
    FROM (
      SELECT array_agg(kind ORDER BY place) AS kinds, array_agg(key ORDER BY place) AS keys,
        array_agg(payload ORDER BY place) AS payloads,
        array_agg(group_name ORDER BY place) AS groups,
        array_agg(priority ORDER BY place) AS priorities,
        array_agg(max_errors ORDER BY place) AS error_limits,
        array_agg(delay ORDER BY place) AS delays
      FROM incoming_job GROUP BY place / 500 ORDER BY place / 500
    ) AS part
    """

  /// Takes ranks for as many jobs of each flow as there are: `$1` kinds, `$2` collections, `$3`
  /// priorities, `$4` amounts. A row for each, in the order given.
  static let takeRanks = """
    WITH flow AS MATERIALIZED (
      SELECT place, job_kind_number(kind) AS kind_id, job_group_number(group_name) AS group_id,
        priority, amount
      FROM unnest($1::text[], $2::text[], $3::integer[], $4::bigint[]) WITH ORDINALITY
        AS given (kind, group_name, priority, amount, place)
    ),
    taken AS MATERIALIZED (
      SELECT place, kind_id, group_id, take_ranks(kind_id, group_id, priority, amount) AS taken
      FROM (SELECT * FROM flow ORDER BY kind_id, group_id, priority) AS ordered
    )
    SELECT kind_id, group_id, taken FROM taken ORDER BY place
    """

  /// Jobs that are new for certain and need no delay.
  static let copyJobs = """
    COPY job (rank, priority, group_id, kind_id, max_errors, payload)
    FROM STDIN (FORMAT binary)
    """

  /// Tells idle workers of this schema that there may be something to claim.
  static let ring = "SELECT ring_bell()"
}
