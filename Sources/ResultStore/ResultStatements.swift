/// How results are written.
enum ResultStatements {
  /// Answers with names that are no clips of the collection.
  static let saveTruths = """
    WITH incoming AS (
      SELECT name, document::jsonb AS document
      FROM unnest($2::text[], $3::text[]) AS given (name, document)
    ), known AS (
      SELECT clip.id, clip.name, incoming.document
      FROM incoming
      JOIN collection ON collection.name = $1
      JOIN clip ON clip.collection_id = collection.id AND clip.name = incoming.name
    ), stored AS (
      INSERT INTO truth (clip_id, document)
      SELECT id, document FROM known ORDER BY id
      ON CONFLICT (clip_id) DO UPDATE SET document = EXCLUDED.document, saved_at = now()
        WHERE truth.document <> EXCLUDED.document
      RETURNING clip_id
    ), outdated AS (
      DELETE FROM clip_score USING stored WHERE clip_score.clip_id = stored.clip_id
    )
    SELECT name FROM incoming WHERE name NOT IN (SELECT name FROM known) LIMIT 1
    """

  static let addModel = """
    INSERT INTO model (name, sha256, task)
    SELECT $1::text, $2::text, $3::text
    WHERE NOT EXISTS (SELECT FROM model WHERE sha256 = $2)
    ON CONFLICT (sha256) DO NOTHING
    """

  static let savePrediction = """
    WITH wanted AS (
      SELECT id FROM video WHERE sha256 = $1
    ), stored AS (
      INSERT INTO prediction (video_id, model_id, document, decode_seconds, model_seconds,
        total_seconds, host, job_id)
      SELECT wanted.id, model.id, $3::jsonb, $4::float8, $5::float8, $6::float8, $7::text,
        $8::bigint
      FROM wanted JOIN model ON model.sha256 = $2
      ON CONFLICT (video_id, model_id) DO NOTHING
      RETURNING 1
    )
    SELECT EXISTS (SELECT FROM wanted) AS is_known, EXISTS (SELECT FROM stored) AS is_new
    """

  static let saveScore = """
    WITH wanted AS (
      SELECT clip.id FROM clip JOIN collection ON collection.id = clip.collection_id
      WHERE collection.name = $1 AND clip.name = $2
    ), used AS (
      SELECT id FROM model WHERE sha256 = $3
    ), stored AS (
      INSERT INTO clip_score (clip_id, model_id, document)
      SELECT wanted.id, used.id, $4::jsonb FROM wanted, used
      ON CONFLICT (clip_id, model_id) DO UPDATE
        SET document = EXCLUDED.document, saved_at = now()
    )
    SELECT EXISTS (SELECT FROM wanted) AS has_clip, EXISTS (SELECT FROM used) AS has_model
    """
}
