import Foundation
package import Jobs
import Media
package import Postgres
package import ResultStore

/// Queues jobs as part of a transaction; says how many were new.
package typealias JobEnqueueing = @Sendable ([NewJob], Connection) async throws -> Int

/// Queues an array of jobs as part of a transaction, behind another one; says its number, nil when it is
/// known.
package typealias JobArrayEnqueueing =
  @Sendable (NewJobArray, _ after: Int64?, Connection) async throws -> Int64?

/// Turns what a job carries into text and back.
package enum JobPayload {
  /// Reads what a job carries.
  ///
  /// - Throws: A permanent `JobFailure` when it cannot be read.
  static func decode<Payload: Decodable>(
    _ type: Payload.Type, of job: ClaimedJob
  ) throws -> Payload {
    do {
      return try JSONDecoder().decode(type, from: Data(job.payload.utf8))
    } catch {
      let problem = WorkerError.corruptPayload(kind: job.kind, reason: "\(error)")
      throw JobFailure(message: problem.description, kind: .error, isPermanent: true)
    }
  }

  /// The job that runs the model on a clip: one for a content and a model, whatever its names.
  ///
  /// - Parameters:
  ///   - payload: What to do.
  ///   - collection: The collection that it is queued for.
  /// - Returns: The job.
  /// - Throws: An encoding error.
  package static func job(
    _ payload: InferencePayload, collection: String
  ) throws -> NewJob {
    NewJob(
      kind: WorkKind.infer.rawValue,
      key: inferenceKey(video: payload.sha256, model: payload.modelSHA256),
      payload: try text(payload), group: collection)
  }

  /// The key of the job that ran a model on a video.
  ///
  /// - Parameters:
  ///   - video: SHA-256 of the video.
  ///   - model: SHA-256 of the model's weights.
  /// - Returns: The key.
  package static func inferenceKey(video: String, model: String) -> String { "\(video)/\(model)" }

  /// The job that scores a clip: one for a truth and a model.
  ///
  /// - Parameter record: The prediction to score.
  /// - Returns: The job.
  /// - Throws: An encoding error.
  package static func job(_ record: UnscoredRecord) throws -> NewJob {
    let payload = EvaluationPayload(
      collection: record.collection, clip: record.clip, sha256: record.sha256,
      modelSHA256: record.model)
    return NewJob(
      kind: WorkKind.evaluate.rawValue,
      key: "\(record.collection)/\(record.clip)/\(record.model)/\(record.truthVersion)",
      payload: try text(payload), group: record.collection)
  }

  /// Jobs of one kind and collection as an array, which is the same as another of the same jobs.
  ///
  /// - Parameter jobs: At least one, each with a key; payloads are JSON objects of this type.
  /// - Returns: The array, with the terms of the first of them.
  /// - Throws: An encoding error.
  static func array(_ jobs: [NewJob]) throws -> NewJobArray {
    let encoder = JSONEncoder()
    let inputs = try jobs.map { job in
      let key = String(decoding: try encoder.encode(job.key), as: UTF8.self)
      let rest = job.payload.dropFirst()
      return #"{"key":\#(key)\#(rest == "}" ? "" : ",")\#(rest)"#
    }
    let keys = jobs.map { $0.key ?? "" }.joined(separator: "\n")
    var array = NewJobArray(
      kind: jobs[0].kind, key: ContentHash.sha256(of: Array(keys.utf8)), payload: "{}",
      group: jobs[0].group, inputs: inputs)
    (array.priority, array.maxErrors, array.delay) = (
      jobs[0].priority, jobs[0].maxErrors, jobs[0].delay
    )
    return array
  }

  private static func text(_ payload: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(payload), as: UTF8.self)
  }
}
