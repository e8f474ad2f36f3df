public import Annotations
import Postgres

/// A clip whose prediction waits to be compared with its truth.
public struct UnscoredRecord: Hashable, Sendable {
  /// The collection's name.
  public let collection: String

  /// The clip.
  public let clip: ClipID

  /// SHA-256 of the clip's video.
  public let sha256: String

  /// SHA-256 of the weights of the model that made the prediction.
  public let model: String

  /// Differs from that of every truth that the clip had before.
  public let truthVersion: String
}

extension Results {
  /// Where a video was found, the place that was registered last first.
  ///
  /// - Parameter sha256: The video's content.
  /// - Returns: The locations as registered; empty for an unknown video.
  /// - Throws: `PostgresError`.
  public func locations(ofVideo sha256: String) async throws -> [String] {
    try await connection.query(VideoStatements.locations, [.text(sha256)]).map {
      try $0.decode("location")
    }
  }

  /// The videos of a list that have a prediction of a model.
  ///
  /// - Parameters:
  ///   - videos: SHA-256 of their contents.
  ///   - model: SHA-256 of the model's weights.
  /// - Returns: Those of the list that need no work.
  /// - Throws: `PostgresError`.
  public func predicted(among videos: [String], model: String) async throws -> Set<String> {
    var predicted: Set<String> = []
    for start in stride(from: 0, to: videos.count, by: 10_000) {
      let piece = videos[start..<min(start + 10_000, videos.count)]
      let rows = try await connection.query(
        VideoStatements.predicted, [.texts(Array(piece)), .text(model)])
      for row in rows { predicted.insert(try row.decode("sha256")) }
    }
    return predicted
  }

  /// Predictions of clips that have a truth, but no score yet.
  ///
  /// - Parameters:
  ///   - model: Only predictions of the model with these weights (SHA-256), when given.
  ///   - collection: Only this collection's clips, when given.
  ///   - video: Only clips of this content, when given.
  /// - Returns: The predictions by collection, clip and model.
  /// - Throws: `PostgresError`; `AnnotationError` for a name that this version refuses.
  public func unscored(
    model: String? = nil, collection: String? = nil, video: String? = nil
  ) async throws -> [UnscoredRecord] {
    try await connection.query(
      VideoStatements.unscored,
      [model.map(SQLValue.text), collection.map(SQLValue.text), video.map(SQLValue.text)]
    ).map { try $0.unscored() }
  }

  /// Clips that have a truth, but no prediction of a model yet.
  ///
  /// - Parameters:
  ///   - clips: Those that are meant.
  ///   - collection: Their collection.
  ///   - model: SHA-256 of the model's weights.
  /// - Returns: What is to be scored once there is a prediction, by clip.
  /// - Throws: `PostgresError`.
  public func unpredicted(
    _ clips: [ClipID], in collection: String, model: String
  ) async throws -> [UnscoredRecord] {
    try await connection.query(
      VideoStatements.unpredicted,
      [.text(model), .text(collection), .texts(clips.map(\.text))]
    ).map { try $0.unscored() }
  }
}

extension Row {
  fileprivate func unscored() throws -> UnscoredRecord {
    UnscoredRecord(
      collection: try decode("collection"), clip: try ClipID(decode("clip")),
      sha256: try decode("sha256"), model: try decode("model"),
      truthVersion: try decode("truth_version"))
  }
}
