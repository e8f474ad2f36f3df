import Evaluation
import Foundation
package import Jobs
package import Postgres
import ResultStore

/// Compares a clip's prediction with its truth, and stores the scores.
package struct EvaluationHandler: JobHandler {
  private let processes: WorkerProcesses
  private let pool: ConnectionPool
  private let silence: Duration

  /// Chooses where the work is done.
  ///
  /// - Parameters:
  ///   - processes: Do the work.
  ///   - pool: Gives predictions and truth.
  ///   - silence: A worker process that makes no progress for so long is ended.
  package init(processes: WorkerProcesses, pool: ConnectionPool, silence: Duration) {
    self.processes = processes
    self.pool = pool
    self.silence = silence
  }

  /// Scores the clip.
  package func run(
    _ job: ClaimedJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> (@Sendable (Connection) async throws -> Void)? {
    let payload = try JobPayload.decode(EvaluationPayload.self, of: job)
    let record = try await pool.withConnection { try await Self.record(payload, on: $0) }
    guard let prediction = record.prediction, let truth = record.truth else {
      throw JobFailure(
        message: "The clip “\(payload.clip)” has no prediction or no ground truth any more; "
          + "submit it again.", kind: .error, isPermanent: true)
    }
    let reply = try await processes.answer(
      .evaluate(prediction: prediction, truth: truth), silence: silence, progress: progress)
    let score = String(decoding: try JSONEncoder().encode(try reply.score()), as: UTF8.self)
    return { transaction in
      // A truth that was replaced meanwhile has a job of its own.
      guard try await Self.record(payload, on: transaction).truth == truth else { return }
      try await Results(on: transaction).save(
        score: score, of: payload.clip, in: payload.collection, model: payload.modelSHA256)
    }
  }

  private static func record(
    _ payload: EvaluationPayload, on connection: Connection
  ) async throws -> ClipRecord {
    try await Results(on: connection).record(
      of: payload.clip, in: payload.collection, model: payload.modelSHA256)
  }
}
