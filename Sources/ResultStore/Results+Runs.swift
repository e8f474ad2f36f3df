public import Annotations
public import struct Foundation.Date
import Postgres

/// A model that was scored on a collection.
public struct ScoredModel: Hashable, Sendable {
  /// The model.
  public let model: Prediction.Model

  /// How many clips have a score of it.
  public let clips: Int

  /// When the last of them was stored.
  public let finishedAt: Date
}

extension Results {
  /// The models that have scores in a collection, the one that was scored first first.
  ///
  /// - Parameter collection: The collection's name.
  /// - Returns: The models; empty when nothing was scored.
  /// - Throws: `PostgresError`.
  public func scoredModels(in collection: String) async throws -> [ScoredModel] {
    try await connection.query(RunStatements.runs, [.text(collection)]).map { row in
      ScoredModel(
        model: Prediction.Model(
          name: try row.decode("name"), sha256: try row.decode("sha256"),
          task: try row.decode("task")),
        clips: Int(try row.decode("clips", as: Int64.self)),
        finishedAt: try row.decode("finished_at"))
    }
  }
}
