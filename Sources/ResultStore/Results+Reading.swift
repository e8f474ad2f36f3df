public import Annotations
import Foundation
import Postgres

extension Results {
  /// All collections by name.
  ///
  /// - Parameter model: Which model's predictions and scores count, by SHA-256 of its weights;
  ///   nil counts any model's.
  /// - Returns: The collections with counts.
  /// - Throws: `PostgresError`.
  public func collections(model: String? = nil) async throws -> [CollectionSummary] {
    try await connection.query(ReadingStatements.collections, [model.map(SQLValue.text)]).map {
      CollectionSummary(
        name: try $0.decode("name"), createdAt: try $0.decode("created_at"),
        clips: try $0.decode("clips"), predicted: try $0.decode("predicted"),
        withTruth: try $0.decode("with_truth"), scored: try $0.decode("scored"))
    }
  }

  /// The names of all collections, ascending: nothing is counted for them.
  ///
  /// - Returns: The names.
  /// - Throws: `PostgresError`.
  public func collectionNames() async throws -> [String] {
    try await connection.query(ReadingStatements.names, []).map { try $0.decode("name") }
  }

  /// A page of a collection's clips by name.
  ///
  /// - Parameters:
  ///   - collection: The collection's name.
  ///   - last: The last clip of the page before; nil begins.
  ///   - limit: The most clips to return.
  ///   - model: Which model's predictions and scores count; nil counts any model's.
  /// - Returns: The clips after `last`; empty at the end.
  /// - Throws: `PostgresError`.
  public func clips(
    in collection: String, after last: ClipID? = nil, limit: Int = 1000, model: String? = nil
  ) async throws -> [ClipSummary] {
    try await connection.query(
      ReadingStatements.clips,
      [
        .text(collection), .text(last?.text ?? ""), .int(Int64(limit)),
        model.map(SQLValue.text),
      ]
    ).map(Self.summary)
  }

  /// A page of a collection's clips by name, each with a text that changes when what is stored of
  /// it does.
  ///
  /// - Parameters:
  ///   - collection: The collection's name.
  ///   - last: The last clip of the page before; nil begins.
  ///   - limit: The most clips to return.
  ///   - model: Which model's predictions and scores count; nil takes the prediction that was
  ///     stored last, and any model's score.
  /// - Returns: The clips after `last`, with the id of the job that made the prediction, which the
  ///   queue may have forgotten; empty at the end.
  /// - Throws: `PostgresError`.
  public func revisions(
    in collection: String, after last: ClipID? = nil, limit: Int = 1000, model: String? = nil
  ) async throws -> [(clip: ClipSummary, job: Int64?, revision: String)] {
    try await connection.query(
      ReadingStatements.revisions,
      [
        .text(collection), .text(last?.text ?? ""), .int(Int64(limit)),
        model.map(SQLValue.text),
      ]
    ).map { row in
      (try Self.summary(row), try row.decodeIfPresent("job_id"), try row.decode("revision"))
    }
  }

  /// Everything that is known of one clip, of one model or else of the latest.
  ///
  /// - Parameters:
  ///   - clip: The clip.
  ///   - collection: The collection's name.
  ///   - model: SHA-256 of the weights; nil takes the prediction that was stored last.
  /// - Returns: The documents; the score is of the model whose prediction is returned.
  /// - Throws: ``ResultStoreError/unknownClip(collection:clip:)``,
  ///   ``ResultStoreError/unreadableDocument(what:reason:)``; `PostgresError`.
  public func record(
    of clip: ClipID, in collection: String, model: String? = nil
  ) async throws -> ClipRecord {
    try await records(of: [clip], in: collection, model: model)[0]
  }

  /// Everything that is known of some clips, of one model or else of the latest.
  ///
  /// - Parameters:
  ///   - clips: The clips.
  ///   - collection: The collection's name.
  ///   - model: SHA-256 of the weights; nil takes the prediction that was stored last.
  /// - Returns: The documents of each clip, in the order of `clips`.
  /// - Throws: As ``record(of:in:model:)``.
  public func records(
    of clips: [ClipID], in collection: String, model: String? = nil
  ) async throws -> [ClipRecord] {
    let rows = try await connection.query(
      ReadingStatements.records,
      [.text(collection), .texts(clips.map(\.text)), model.map(SQLValue.text)])
    var records: [ClipID: ClipRecord] = [:]
    for row in rows {
      let record = try Self.record(row)
      records[record.summary.id] = record
    }
    return try clips.map { clip in
      guard let record = records[clip] else {
        throw ResultStoreError.unknownClip(collection: collection, clip: clip.text)
      }
      return record
    }
  }

  private static func record(_ row: Row) throws -> ClipRecord {
    let summary = try Self.summary(row)
    var prediction: Prediction? = try Self.document("prediction", in: row)
    // The video may have been worked on under another clip's name.
    prediction?.clip.id = summary.id
    let host = try row.decodeIfPresent("host", as: String.self)
    return ClipRecord(
      summary: summary, prediction: prediction,
      origin: try host.map {
        PredictionOrigin(
          host: $0, job: try row.decodeIfPresent("job_id"), savedAt: try row.decode("saved_at"))
      },
      truth: try Self.document("truth", in: row), score: try row.decodeIfPresent("score"))
  }

  /// A page of a collection's scores by clip name.
  ///
  /// - Parameters:
  ///   - collection: The collection's name.
  ///   - last: The last clip of the page before; nil begins.
  ///   - limit: The most scores to return.
  ///   - model: SHA-256 of the weights; nil takes each clip's latest score.
  /// - Returns: Clips and their scores as JSON text; empty at the end.
  /// - Throws: `PostgresError`.
  public func scores(
    in collection: String, after last: ClipID? = nil, limit: Int = 1000, model: String? = nil
  ) async throws -> [(clip: ClipID, score: String)] {
    try await connection.query(
      ReadingStatements.scores,
      [
        .text(collection), .text(last?.text ?? ""), .int(Int64(limit)),
        model.map(SQLValue.text),
      ]
    ).map { (try Self.clipID(in: $0), try $0.decode("score")) }
  }

  private static func summary(_ row: Row) throws -> ClipSummary {
    ClipSummary(
      id: try clipID(in: row), sha256: try row.decode("sha256"), bytes: try row.decode("bytes"),
      location: try row.decode("location"), hasPrediction: try row.decode("has_prediction"),
      hasTruth: try row.decode("has_truth"), hasScore: try row.decode("has_score"))
  }

  private static func clipID(in row: Row) throws -> ClipID {
    do {
      return try ClipID(row.decode("name"))
    } catch let error as AnnotationError {
      throw ResultStoreError.unreadableDocument(what: "clip", reason: error.description)
    }
  }

  private static func document<Document: Decodable>(
    _ column: String, in row: Row
  ) throws -> Document? {
    guard let text: String = try row.decodeIfPresent(column) else { return nil }
    do {
      return try JSONDecoder().decode(Document.self, from: Data(text.utf8))
    } catch {
      throw ResultStoreError.unreadableDocument(what: column, reason: "\(error)")
    }
  }
}
