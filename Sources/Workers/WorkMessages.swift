package import Annotations
package import Evaluation
import Foundation
import Jobs

/// The kinds of job that workers know.
package enum WorkKind: String, Codable, Sendable, CaseIterable {
  /// Run the model on a clip.
  case infer

  /// Score a clip's prediction against its ground truth.
  case evaluate

  /// Forget jobs that ended long ago.
  case prune

  /// Build a site.
  case report

  /// Whether such jobs keep the queue and its sites in order, and are about no clip.
  package var isUpkeep: Bool { self == .prune || self == .report }

  /// The group of upkeep jobs, where those about clips have their collection.
  package static let upkeepGroup = "upkeep"
}

/// What an inference job carries: enough to find the file and to refuse another one.
package struct InferencePayload: Codable, Hashable, Sendable {
  /// The clip's id, for messages and for the prediction.
  package var clip: ClipID

  /// The file, as ``MediaLocation`` writes it.
  package var location: String

  /// SHA-256 of the file when it was submitted.
  package var sha256: String

  /// The model's name.
  package var model: String

  /// SHA-256 of the model's weights.
  package var modelSHA256: String

  /// Moments looked at in each second.
  package var frameRate: Double

  /// Says what to do.
  package init(
    clip: ClipID, location: String, sha256: String, model: String, modelSHA256: String,
    frameRate: Double
  ) {
    self.clip = clip
    self.location = location
    self.sha256 = sha256
    self.model = model
    self.modelSHA256 = modelSHA256
    self.frameRate = frameRate
  }
}

/// What an evaluation job carries: which results to compare.
package struct EvaluationPayload: Codable, Hashable, Sendable {
  /// The collection's name.
  package var collection: String

  /// The clip's id in the collection.
  package var clip: ClipID

  /// SHA-256 of the video.
  package var sha256: String

  /// SHA-256 of the model's weights.
  package var modelSHA256: String
}

/// One line from the supervisor to a worker process.
package enum WorkRequest: Codable, Sendable {
  /// Run the model.
  case infer(InferencePayload)

  /// Score a prediction.
  case evaluate(prediction: Prediction, truth: ClipTruth)
}

/// One line from a worker process to the supervisor.
package enum WorkReply: Codable, Sendable {
  /// The part of the job that is done, 0 to 1.
  case progress(Double)

  /// The model's answer.
  case prediction(Prediction)

  /// The scores.
  case score(ClipScore)

  /// The job cannot be done: now, or (`permanent`) ever.
  case failure(message: String, permanent: Bool)

  /// The server of the video is away.
  case away(message: String)
}

extension WorkReply {
  /// The prediction that was asked for.
  ///
  /// - Returns: The prediction.
  /// - Throws: `JobFailure` when the job failed, or the answer is of another kind.
  package func prediction() throws -> Prediction {
    guard case .prediction(let prediction) = self else { throw failure }
    return prediction
  }

  /// The scores that were asked for.
  ///
  /// - Returns: The scores.
  /// - Throws: `JobFailure` when the job failed, or the answer is of another kind.
  package func score() throws -> ClipScore {
    guard case .score(let score) = self else { throw failure }
    return score
  }

  private var failure: JobFailure {
    if case .failure(let message, let permanent) = self {
      return JobFailure(message: message, kind: .error, isPermanent: permanent)
    }
    return JobFailure(
      message: "The worker process gave an answer of the wrong kind; report this as a bug.",
      kind: .error, isPermanent: true)
  }
}

/// Messages are JSON documents, one a line.
package enum MessageLine {
  /// Writes a message and its line break.
  package static func encode(_ message: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    return Array(try encoder.encode(message)) + [UInt8(ascii: "\n")]
  }

  /// Reads a message from a line.
  package static func decode<Message: Decodable>(
    _ type: Message.Type, from line: some StringProtocol
  ) throws -> Message {
    try JSONDecoder().decode(type, from: Data(line.utf8))
  }
}
