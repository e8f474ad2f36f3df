import Annotations
package import Jobs
package import Postgres
import ResultStore

/// Runs the model on a clip, and stores the prediction together with the jobs that follow from it.
package struct InferenceHandler: JobHandler {
  private let processes: WorkerProcesses
  private let pool: ConnectionPool
  private let enqueue: JobEnqueueing
  private let silence: Duration
  private let patience: StoragePatience
  private let host: String

  /// Chooses where the work is done.
  ///
  /// - Parameters:
  ///   - processes: Do the work.
  ///   - pool: Tells where videos are.
  ///   - enqueue: Queues the evaluations that follow.
  ///   - silence: A worker process that makes no progress for so long is ended.
  ///   - patience: How long folders and servers are waited for that are away.
  ///   - host: The name of this machine.
  package init(
    processes: WorkerProcesses, pool: ConnectionPool, enqueue: @escaping JobEnqueueing,
    silence: Duration, patience: StoragePatience, host: String
  ) {
    self.processes = processes
    self.pool = pool
    self.enqueue = enqueue
    self.silence = silence
    self.patience = patience
    self.host = host
  }

  /// Looks at the clip.
  package func run(
    _ job: ClaimedJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> (@Sendable (Connection) async throws -> Void)? {
    var payload = try JobPayload.decode(InferencePayload.self, of: job)
    payload.location = try await location(of: payload)
    let reply = try await processes.answer(.infer(payload), silence: silence, progress: progress)
    let place = MediaLocation(text: payload.location)?.place ?? payload.location
    if case .away(let message) = reply { throw try await patience.verdict(place, because: message) }
    patience.isBack(place)
    let prediction = try reply.prediction()
    return { [enqueue, host] transaction in
      let results = Results(on: transaction)
      _ = try await results.save(prediction, host: host, job: job.lease.job)
      let unscored = try await results.unscored(
        model: prediction.model.sha256, video: prediction.clip.sha256)
      let evaluations = try unscored.map { record in
        var evaluation = try JobPayload.job(record)
        evaluation.priority = job.priority
        evaluation.follows = job.lease.job
        return evaluation
      }
      _ = try await enqueue(evaluations, transaction)
    }
  }

  /// Where the video is now: it may have been moved and submitted again since this job was queued.
  private func location(of payload: InferencePayload) async throws -> String {
    let known = try await pool.withConnection {
      try await Results(on: $0).locations(ofVideo: payload.sha256)
    }
    let readable = (known + [payload.location]).first {
      MediaLocation(text: $0)?.isReadable ?? false
    }
    if let readable { return readable }
    let place = known.first ?? payload.location
    if let folder = MediaLocation(text: place)?.absentFolder {
      throw try await patience.verdict(
        folder,
        because: "The folder \(folder) is not there or empty; the clip waits until it is back.")
    }
    return place
  }
}
