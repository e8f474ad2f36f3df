package import Jobs
package import Postgres

/// Jobs that clips of a collection without a prediction depend on, and that were queued for another
/// collection or clip: a video is worked on once.
package struct SharedJobs: Sendable {
  /// The collection of the clips.
  package let collection: String

  /// The collection that the jobs were queued for.
  package let group: String

  /// Where the jobs stand.
  package let state: JobState

  /// How many clips depend on them.
  package let clips: Int

  /// The first of the jobs.
  package let job: Int64

  /// Looks them up; jobs that are done are none of them.
  ///
  /// - Parameters:
  ///   - collections: The collections of the clips.
  ///   - connection: The database.
  /// - Returns: By collection, the collection queued for, and state.
  /// - Throws: `PostgresError`.
  package static func of(
    _ collections: [String], on connection: Connection
  ) async throws -> [SharedJobs] {
    if collections.isEmpty { return [] }
    return try await connection.query(
      statement, [.texts(collections), .text(WorkKind.infer.rawValue)]
    ).compactMap { row in
      guard let state = JobState(rawValue: try row.decode("state")) else { return nil }
      return SharedJobs(
        collection: try row.decode("collection"), group: try row.decode("group_name"),
        state: state, clips: try row.decode("clips"), job: try row.decode("job"))
    }
  }

  /// A key is the video and the model (``JobPayload/inferenceKey(video:model:)``); “0” comes after “/”.
  private static let statement = """
    SELECT collection.name AS collection, job_status.group_name, job_status.state,
      count(*) AS clips, min(job_status.id) AS job
    FROM collection
    JOIN clip ON clip.collection_id = collection.id
    JOIN video ON video.id = clip.video_id
    JOIN job_status ON job_status.kind = $2
      AND job_status.key > video.sha256 || '/' AND job_status.key < video.sha256 || '0'
    WHERE collection.name = ANY ($1::text[]) AND job_status.state <> 'done'
      AND (job_status.group_name <> collection.name OR job_status.payload ->> 'clip' <> clip.name)
      AND NOT EXISTS (SELECT FROM prediction WHERE prediction.video_id = clip.video_id)
    GROUP BY collection.name, job_status.group_name, job_status.state
    ORDER BY collection.name, job_status.group_name, job_status.state
    """
}
