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
  private let host: String

  /// Chooses where the work is done.
  ///
  /// - Parameters:
  ///   - processes: Do the work.
  ///   - pool: Tells where videos are.
  ///   - enqueue: Queues the evaluations that follow.
  ///   - silence: A worker process that makes no progress for so long is ended.
  ///   - host: The name of this machine.
  package init(
    processes: WorkerProcesses, pool: ConnectionPool, enqueue: @escaping JobEnqueueing,
    silence: Duration, host: String
  ) {
    self.processes = processes
    self.pool = pool
    self.enqueue = enqueue
    self.silence = silence
    self.host = host
  }

  /// Looks at the clip.
  package func run(
    _ job: ClaimedJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> (@Sendable (Connection) async throws -> Void)? {
    var payload = try JobPayload.decode(InferencePayload.self, of: job)
    payload.location = try await location(of: payload)
    let reply = try await processes.answer(.infer(payload), silence: silence, progress: progress)
    let prediction = try reply.prediction()
    return { [enqueue, host] transaction in
      let results = Results(on: transaction)
      _ = try await results.save(prediction, host: host, job: job.lease.job)
      let unscored = try await results.unscored(
        model: prediction.model.sha256, video: prediction.clip.sha256)
      let evaluations = try unscored.map { record in
        var evaluation = try JobPayload.job(record)
        evaluation.priority = job.priority
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
    return readable ?? known.first ?? payload.location
  }
}
