/// How what belongs to a video's content is found, under whatever names it has.
enum VideoStatements {
  /// The places that a content was found at, the latest first.
  static let locations = """
    SELECT clip.location FROM clip JOIN video ON video.id = clip.video_id
    WHERE video.sha256 = $1
    GROUP BY clip.location
    ORDER BY max(clip.id) DESC
    """

  /// Those of the videos `$1` that model `$2` has a prediction of.
  static let predicted = """
    SELECT video.sha256 FROM unnest($1::text[]) AS wanted (sha256)
    JOIN video ON video.sha256 = wanted.sha256
    JOIN prediction ON prediction.video_id = video.id
      AND prediction.model_id = (SELECT id FROM model WHERE sha256 = $2)
    """

  /// Clips among `$3` of the collection `$2` that have a truth, but no prediction of the model `$1` yet.
  static let unpredicted = """
    SELECT collection.name AS collection, clip.name AS clip, video.sha256, $1::text AS model,
      \(truthVersion) AS truth_version
    FROM collection
    JOIN clip ON clip.collection_id = collection.id
    JOIN video ON video.id = clip.video_id
    JOIN truth ON truth.clip_id = clip.id
    WHERE collection.name = $2 AND clip.name = ANY ($3::text[])
      AND NOT EXISTS (
        SELECT FROM prediction JOIN model ON model.id = prediction.model_id
        WHERE prediction.video_id = video.id AND model.sha256 = $1)
    ORDER BY clip.name
    """

  /// The moment of saving is part of it: a truth that comes back is a new one.
  private static let truthVersion =
    "concat(md5(truth.document::text), '@', extract(epoch FROM truth.saved_at))"

  /// Clips that have a truth and a model's prediction but no score of it; `$1`, `$2` and `$3` narrow
  /// them to a model, a collection and a video.
  static let unscored = """
    SELECT collection.name AS collection, clip.name AS clip, video.sha256,
      model.sha256 AS model, \(truthVersion) AS truth_version
    FROM model
    JOIN prediction ON prediction.model_id = model.id
    JOIN video ON video.id = prediction.video_id
    JOIN clip ON clip.video_id = video.id
    JOIN collection ON collection.id = clip.collection_id
    JOIN truth ON truth.clip_id = clip.id
    WHERE ($1::text IS NULL OR model.sha256 = $1)
      AND ($2::text IS NULL OR collection.name = $2)
      AND ($3::text IS NULL OR video.sha256 = $3)
      AND NOT EXISTS (
        SELECT FROM clip_score
        WHERE clip_score.clip_id = clip.id AND clip_score.model_id = model.id)
    ORDER BY collection.name, clip.name, model.id
    """
}
