public import Postgres

/// Videos, predictions, truth and scores in a migrated schema, on one connection.
///
/// All calls run on the connection they were given. Inside ``Connection/transaction(_:isolation:_:)``
/// they take part in that transaction: a result and the end of its job are kept together or not
/// at all, and a report reads one state of everything in a `.snapshot` transaction.
///
/// ```swift
/// try await connection.transaction { transaction in
///   let isNew = try await Results(on: transaction).save(prediction, host: host, job: job)
///   try await queue.complete(lease, in: transaction)
/// }
/// ```
public struct Results: Sendable {
  let connection: Connection

  /// Reads and writes through a connection.
  ///
  /// - Parameter connection: A connection whose search path has the schema.
  public init(on connection: Connection) { self.connection = connection }
}
