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

  /// As the function `enqueue_jobs` does it with a few.
  static let addIncoming = """
    WITH named AS MATERIALIZED (
      SELECT given.*, kind_id, group_id FROM incoming_job AS given
      JOIN (
        SELECT kind, job_kind_number(kind) AS kind_id
        FROM (SELECT DISTINCT kind FROM incoming_job) AS name
      ) AS kind USING (kind)
      JOIN (
        SELECT group_name, job_group_number(group_name) AS group_id
        FROM (SELECT DISTINCT group_name FROM incoming_job) AS name
      ) AS grp USING (group_name)
    ),
    fresh AS MATERIALIZED (
      SELECT named.* FROM named LEFT JOIN job
        ON job.kind_id = named.kind_id AND job.key = named.key
      WHERE job.id IS NULL
    ),
    flow AS MATERIALIZED (
      SELECT kind_id, group_id, priority, take_ranks(kind_id, group_id, priority, amount) AS taken
      FROM (
        SELECT kind_id, group_id, priority, count(*) AS amount FROM fresh
        GROUP BY kind_id, group_id, priority ORDER BY kind_id, group_id, priority
      ) AS flow
    ),
    numbered AS MATERIALIZED (
      SELECT nextval(pg_get_serial_sequence('job', 'id')) AS id, ordered.*
      FROM (
        SELECT fresh.*,
          taken + row_number() OVER (
            PARTITION BY kind_id, group_id, priority ORDER BY place) AS rank
        FROM fresh JOIN flow USING (kind_id, group_id, priority)
        ORDER BY place
      ) AS ordered
    )
    INSERT INTO job (
      id, not_before, rank, priority, group_id, kind_id, max_errors, key, payload)
    SELECT id, now() + make_interval(secs => delay), rank, priority, group_id, kind_id,
      max_errors, key, payload
    FROM numbered ORDER BY id
    ON CONFLICT (kind_id, key) WHERE key IS NOT NULL DO NOTHING
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
