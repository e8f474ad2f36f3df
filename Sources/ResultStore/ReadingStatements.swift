/// How results are read; `$3` or `$4` is a model's hash, where null means any model.
enum ReadingStatements {
  static let collections = """
    SELECT collection.name, collection.created_at, count(clip.id) AS clips,
      count(clip.id) FILTER (WHERE EXISTS (
        SELECT FROM prediction JOIN model ON model.id = prediction.model_id
        WHERE prediction.video_id = clip.video_id AND ($1::text IS NULL OR model.sha256 = $1)
      )) AS predicted,
      count(truth.clip_id) AS with_truth,
      count(clip.id) FILTER (WHERE EXISTS (
        SELECT FROM clip_score JOIN model ON model.id = clip_score.model_id
        WHERE clip_score.clip_id = clip.id AND ($1::text IS NULL OR model.sha256 = $1)
      )) AS scored
    FROM collection
    LEFT JOIN clip ON clip.collection_id = collection.id
    LEFT JOIN truth ON truth.clip_id = clip.id
    GROUP BY collection.id
    ORDER BY collection.name
    """

  static let names = "SELECT name FROM collection ORDER BY name"

  /// The page is cut before anything is joined to it, so that it costs the same whatever the server
  /// believes of the tables: right after a large registration it may have counted them as empty.
  static let clips = """
    WITH page AS MATERIALIZED (
      SELECT clip.* FROM clip
      WHERE clip.collection_id = (SELECT id FROM collection WHERE name = $1) AND clip.name > $2
      ORDER BY clip.name
      LIMIT $3
    )
    SELECT clip.name, video.sha256, video.bytes, clip.location,
      EXISTS (
        SELECT FROM prediction JOIN model ON model.id = prediction.model_id
        WHERE prediction.video_id = clip.video_id AND ($4::text IS NULL OR model.sha256 = $4)
      ) AS has_prediction,
      EXISTS (SELECT FROM truth WHERE truth.clip_id = clip.id) AS has_truth,
      EXISTS (
        SELECT FROM clip_score JOIN model ON model.id = clip_score.model_id
        WHERE clip_score.clip_id = clip.id AND ($4::text IS NULL OR model.sha256 = $4)
      ) AS has_score
    FROM page AS clip
    CROSS JOIN LATERAL (SELECT * FROM video WHERE video.id = clip.video_id LIMIT 1) AS video
    ORDER BY clip.name
    """

  /// The same with what tells one state of a clip's results from another: which prediction is
  /// shown, which job made it, and when each document was stored.
  static let revisions = """
    WITH page AS MATERIALIZED (
      SELECT clip.* FROM clip
      WHERE clip.collection_id = (SELECT id FROM collection WHERE name = $1) AND clip.name > $2
      ORDER BY clip.name
      LIMIT $3
    )
    SELECT clip.name, video.sha256, video.bytes, clip.location,
      chosen.model_id IS NOT NULL AS has_prediction, truth.saved_at IS NOT NULL AS has_truth,
      EXISTS (
        SELECT FROM clip_score JOIN model ON model.id = clip_score.model_id
        WHERE clip_score.clip_id = clip.id AND ($4::text IS NULL OR model.sha256 = $4)
      ) AS has_score, chosen.job_id,
      concat_ws('|', chosen.model_id, extract(epoch FROM chosen.saved_at),
        't', extract(epoch FROM truth.saved_at), 's', extract(epoch FROM clip_score.saved_at)
      ) AS revision
    FROM page AS clip
    CROSS JOIN LATERAL (SELECT * FROM video WHERE video.id = clip.video_id LIMIT 1) AS video
    LEFT JOIN LATERAL (
      SELECT prediction.model_id, prediction.saved_at, prediction.job_id
      FROM prediction JOIN model ON model.id = prediction.model_id
      WHERE prediction.video_id = clip.video_id AND ($4::text IS NULL OR model.sha256 = $4)
      ORDER BY prediction.saved_at DESC, prediction.model_id DESC
      LIMIT 1
    ) AS chosen ON true
    LEFT JOIN LATERAL (SELECT saved_at FROM truth WHERE truth.clip_id = clip.id LIMIT 1) AS truth
      ON true
    LEFT JOIN LATERAL (
      SELECT saved_at FROM clip_score
      WHERE clip_score.clip_id = clip.id AND clip_score.model_id = chosen.model_id LIMIT 1
    ) AS clip_score ON true
    ORDER BY clip.name
    """

  static let records = """
    SELECT clip.name, video.sha256, video.bytes, clip.location,
      chosen.document IS NOT NULL AS has_prediction, chosen.document AS prediction,
      chosen.host, chosen.job_id, chosen.saved_at,
      truth.document IS NOT NULL AS has_truth, truth.document AS truth,
      clip_score.document IS NOT NULL AS has_score, clip_score.document AS score
    FROM clip
    JOIN collection ON collection.id = clip.collection_id
    JOIN video ON video.id = clip.video_id
    LEFT JOIN LATERAL (
      SELECT prediction.* FROM prediction JOIN model ON model.id = prediction.model_id
      WHERE prediction.video_id = clip.video_id AND ($3::text IS NULL OR model.sha256 = $3)
      ORDER BY prediction.saved_at DESC, prediction.model_id DESC
      LIMIT 1
    ) AS chosen ON true
    LEFT JOIN truth ON truth.clip_id = clip.id
    LEFT JOIN clip_score
      ON clip_score.clip_id = clip.id AND clip_score.model_id = chosen.model_id
    WHERE collection.name = $1 AND clip.name = ANY($2::text[])
    """

  static let scores = """
    SELECT clip.name, chosen.document AS score
    FROM clip
    JOIN LATERAL (
      SELECT clip_score.document FROM clip_score JOIN model ON model.id = clip_score.model_id
      WHERE clip_score.clip_id = clip.id AND ($4::text IS NULL OR model.sha256 = $4)
      ORDER BY clip_score.saved_at DESC, clip_score.model_id DESC
      LIMIT 1
    ) AS chosen ON true
    WHERE clip.collection_id = (SELECT id FROM collection WHERE name = $1) AND clip.name > $2
    ORDER BY clip.name
    LIMIT $3
    """
}
