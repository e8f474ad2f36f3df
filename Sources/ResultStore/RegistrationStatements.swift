/// How clips are registered in bulk.
enum RegistrationStatements {
  static let createIncoming = """
    DROP TABLE IF EXISTS pg_temp.incoming_clip;
    CREATE TEMPORARY TABLE incoming_clip (
      name text COLLATE "C" PRIMARY KEY,
      sha256 text COLLATE "C" NOT NULL,
      bytes bigint NOT NULL,
      location text NOT NULL
    ) ON COMMIT DROP
    """

  static let copyIncoming = """
    COPY pg_temp.incoming_clip (name, sha256, bytes, location) FROM STDIN
    """

  static let dropIncoming = "DROP TABLE pg_temp.incoming_clip"

  static let addCollection = """
    INSERT INTO collection (name) VALUES ($1) ON CONFLICT (name) DO NOTHING
    """

  static let lockCollection = "SELECT id FROM collection WHERE name = $1 FOR UPDATE"

  /// Takes away what has the name of another content in the collection `$1`.
  static let takeConflicts = """
    DELETE FROM pg_temp.incoming_clip AS incoming USING clip JOIN video ON video.id = clip.video_id
    WHERE clip.collection_id = $1 AND clip.name = incoming.name AND video.sha256 <> incoming.sha256
    RETURNING clip.name, clip.location AS known, incoming.location AS incoming
    """

  /// In order of the hash, so that two registrations never wait for each other in a circle.
  static let addVideos = """
    INSERT INTO video (sha256, bytes)
    SELECT sha256, min(bytes) FROM pg_temp.incoming_clip GROUP BY sha256 ORDER BY sha256
    ON CONFLICT (sha256) DO NOTHING
    """

  /// Counts what a large registration added before the commit. A vacuum meanwhile counted nothing
  /// of it; it cannot come between this and the commit, because their locks exclude each other.
  static let analyze = "ANALYZE video; ANALYZE clip"

  /// A row of this statement that was inserted, not updated, has no deleting transaction.
  static let addClips = """
    WITH stored AS (
      INSERT INTO clip (collection_id, name, video_id, location)
      SELECT $1::bigint, incoming.name, video.id, incoming.location
      FROM pg_temp.incoming_clip AS incoming
      JOIN video ON video.sha256 = incoming.sha256
      ORDER BY incoming.name
      ON CONFLICT (collection_id, name) DO UPDATE SET location = EXCLUDED.location
        WHERE clip.location <> EXCLUDED.location
      RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new) AS added FROM stored
    """
}
