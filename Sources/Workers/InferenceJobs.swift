import Jobs
import ResultStore

/// The jobs that analyse videos, by video.
struct InferenceJobs {
  private var byKey: [String: JobRecord] = [:]
  private let models: [String]

  /// Looks the jobs up.
  ///
  /// - Parameters:
  ///   - clips: The clips whose videos they analyse.
  ///   - models: SHA-256 of the weights that they may have been queued for.
  ///   - queue: The jobs.
  /// - Throws: Errors of the database.
  init(of clips: [ClipSummary], models: [String], in queue: any JobQueue) async throws {
    self.models = models
    let keys = clips.flatMap { clip in
      models.map { JobPayload.inferenceKey(video: clip.sha256, model: $0) }
    }
    guard !keys.isEmpty else { return }
    let filter = JobFilter(kind: WorkKind.infer.rawValue, keys: keys)
    for job in try await queue.list(filter, limit: keys.count, offset: 0).jobs {
      byKey[job.key] = job
    }
  }

  /// The job that was queued last for a clip's video.
  func latest(of clip: ClipSummary) -> JobRecord? {
    models.compactMap { byKey[JobPayload.inferenceKey(video: clip.sha256, model: $0)] }
      .max { $0.id < $1.id }
  }
}
