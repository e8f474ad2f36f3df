import Annotations
import Foundation
import Jobs
import ResultStore

/// What became of the jobs that score a collection's clips, apart from those that are done.
struct ScoringJobs {
  /// The job that was queued last, by the clip's id.
  private var latest: [String: JobRecord] = [:]

  /// Looks the jobs up.
  ///
  /// - Parameters:
  ///   - collection: The collection's name.
  ///   - queue: The jobs.
  ///   - model: SHA-256 of the weights whose predictions are scored; nil for any.
  /// - Throws: Errors of the database.
  init(of collection: String, in queue: any JobQueue, model: String?) async throws {
    let filter = JobFilter(
      states: Set(JobState.allCases).subtracting([.done]), group: collection,
      kind: WorkKind.evaluate.rawValue)
    var seen = 0
    while true {
      let jobs = try await queue.list(filter, limit: 1000, offset: seen).jobs
      if jobs.isEmpty { return }
      for job in jobs {
        let payload = try? JSONDecoder().decode(
          EvaluationPayload.self, from: Data(job.payload.utf8))
        guard let payload, model == nil || payload.modelSHA256 == model else { continue }
        latest[payload.clip.text] = job
      }
      seen += jobs.count
    }
  }

  /// Why a clip that has ground truth has no score.
  func reason(of clip: ClipSummary) -> String {
    guard clip.hasPrediction else { return "it has ground truth, but no prediction to score" }
    guard let job = latest[clip.id.text] else { return "it has ground truth, but no score yet" }
    switch job.state {
    case .waiting, .running, .done: return "its scoring is queued or running"
    case .cancelled: return "scoring was called off; avu jobs retry queues it again"
    case .failed, .quarantined:
      let message = job.failure?.message ?? "avu jobs show \(job.id) has the attempts"
      let location = MediaLocation(text: clip.location)
      return "scoring failed: " + (location?.named(in: message) ?? message)
    }
  }
}
