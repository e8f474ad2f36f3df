public import Annotations
import Foundation
import Postgres

extension Results {
  /// Stores what people say of clips; what was said before is replaced.
  ///
  /// Where the truth changes, scores made with the old one are dropped.
  ///
  /// - Parameters:
  ///   - truths: Ground truth with its masks; each clip at most once.
  ///   - collection: The collection's name.
  /// - Throws: ``ResultStoreError/unknownClip(collection:clip:)``, then nothing was stored;
  ///   `PostgresError`.
  public func save(_ truths: [ClipTruth], in collection: String) async throws {
    try await connection.transaction { transaction in
      // Pieces keep one statement's parameters in the megabytes: masks are long.
      for start in stride(from: 0, to: truths.count, by: 500) {
        let piece = truths[start..<min(start + 500, truths.count)]
        let documents = try piece.map { try Self.text(of: $0) }
        let rows = try await transaction.query(
          ResultStatements.saveTruths,
          [.text(collection), .texts(piece.map(\.id.text)), .texts(documents)])
        if let row = rows.first {
          throw ResultStoreError.unknownClip(collection: collection, clip: try row.decode("name"))
        }
      }
    }
  }

  /// Stores a model's answer, unless there is one for this video and model already.
  ///
  /// - Parameters:
  ///   - prediction: The answer; its video must be registered.
  ///   - host: The machine that worked.
  ///   - job: The job's id in the queue, or nil.
  /// - Returns: Whether it was stored; false leaves the first answer as it is.
  /// - Throws: ``ResultStoreError/unknownVideo(sha256:)``; `PostgresError`.
  public func save(
    _ prediction: Prediction, host: String, job: Int64? = nil
  ) async throws -> Bool {
    let document = try Self.text(of: prediction)
    return try await connection.transaction { transaction in
      try await transaction.execute(
        ResultStatements.addModel,
        [
          .text(prediction.model.name), .text(prediction.model.sha256),
          .text(prediction.model.task),
        ])
      let row = try await transaction.query(
        ResultStatements.savePrediction,
        [
          .text(prediction.clip.sha256), .text(prediction.model.sha256), .text(document),
          .double(prediction.timings.decodeSeconds), .double(prediction.timings.modelSeconds),
          .double(prediction.timings.totalSeconds), .text(host), job.map(SQLValue.int),
        ])[0]
      guard try row.decode("is_known", as: Bool.self) else {
        throw ResultStoreError.unknownVideo(sha256: prediction.clip.sha256)
      }
      return try row.decode("is_new", as: Bool.self)
    }
  }

  /// Stores how well a prediction agrees with a clip's truth; an older score is replaced.
  ///
  /// - Parameters:
  ///   - score: The scores as JSON text.
  ///   - clip: The clip.
  ///   - collection: The collection's name.
  ///   - model: SHA-256 of the model's weights.
  /// - Throws: ``ResultStoreError/unknownClip(collection:clip:)``,
  ///   ``ResultStoreError/unknownModel(sha256:)``; `PostgresError`.
  public func save(
    score: String, of clip: ClipID, in collection: String, model: String
  ) async throws {
    let row = try await connection.query(
      ResultStatements.saveScore,
      [.text(collection), .text(clip.text), .text(model), .text(score)])[0]
    guard try row.decode("has_clip", as: Bool.self) else {
      throw ResultStoreError.unknownClip(collection: collection, clip: clip.text)
    }
    guard try row.decode("has_model", as: Bool.self) else {
      throw ResultStoreError.unknownModel(sha256: model)
    }
  }

  private static func text(of document: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }
}
