/// Statements about which models were tried on a collection.
enum RunStatements {
  static let runs = """
    SELECT model.name, model.sha256, model.task, count(*) AS clips,
      max(clip_score.saved_at) AS finished_at
    FROM clip
    JOIN clip_score ON clip_score.clip_id = clip.id
    JOIN model ON model.id = clip_score.model_id
    WHERE clip.collection_id = (SELECT id FROM collection WHERE name = $1)
    GROUP BY model.id, model.name, model.sha256, model.task
    ORDER BY min(clip_score.saved_at), model.id
    """
}
