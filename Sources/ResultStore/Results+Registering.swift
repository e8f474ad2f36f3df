import Annotations
import Postgres

extension Results {
  /// Makes clips known in a collection, which is created when there is none.
  ///
  /// All or nothing. A hundred thousand clips take seconds. Registering the same again changes
  /// nothing, except that a file which has moved is found at its new place from now on.
  ///
  /// - Parameters:
  ///   - clips: The files; several may have the same content.
  ///   - collection: The collection's name.
  ///   - leavesOutConflicts: Whether clips whose name is registered for another content are left out and
  ///     returned, as long as others remain.
  /// - Returns: What was new.
  /// - Throws: ``ResultStoreError/conflictingClips(_:total:)`` when a name stands for two
  ///   contents, among `clips` or with what is registered; `PostgresError`.
  public func register(
    _ clips: [NewClip], in collection: String, leavesOutConflicts: Bool = false
  ) async throws -> Registration {
    let distinct = try Self.distinct(clips)
    return try await connection.transaction { transaction in
      try await transaction.executeScript(RegistrationStatements.createIncoming)
      try await transaction.copyIn(
        RegistrationStatements.copyIncoming,
        rows: distinct.lazy.map { [$0.id.text, $0.sha256, String($0.bytes), $0.location] })
      try await transaction.execute(RegistrationStatements.addCollection, [.text(collection)])
      // The row lock keeps two registrations of one collection from missing each other's names.
      let id: Int64 = try await transaction.query(
        RegistrationStatements.lockCollection, [.text(collection)])[0].decode("id")
      let conflicts = try await Self.takeConflicts(with: id, on: transaction)
      if !leavesOutConflicts || conflicts.count == distinct.count {
        try Self.refuse(conflicts, total: conflicts.count)
      }
      let videos = try await transaction.execute(RegistrationStatements.addVideos)
      let row = try await transaction.query(RegistrationStatements.addClips, [.int(id)])[0]
      try await transaction.executeScript(RegistrationStatements.dropIncoming)
      if distinct.count >= 1000 {
        try await transaction.executeScript(RegistrationStatements.analyze)
      }
      return Registration(
        newClips: try row.decode("added"), newVideos: videos, conflicts: conflicts)
    }
  }

  /// One entry for each name; the same content twice under a name is no conflict.
  private static func distinct(_ clips: [NewClip]) throws -> [NewClip] {
    var seen: [ClipID: Int] = [:]
    var result: [NewClip] = []
    var conflicts: [ClipConflict] = []
    for clip in clips {
      guard let place = seen[clip.id] else {
        seen[clip.id] = result.count
        result.append(clip)
        continue
      }
      guard result[place].sha256 != clip.sha256 else { continue }
      conflicts.append(
        ClipConflict(
          clip: clip.id.text, first: result[place].location, second: clip.location))
    }
    try refuse(conflicts, total: conflicts.count)
    return result
  }

  private static func takeConflicts(
    with collection: Int64, on transaction: Connection
  ) async throws -> [ClipConflict] {
    try await transaction.query(RegistrationStatements.takeConflicts, [.int(collection)]).map {
      ClipConflict(
        clip: try $0.decode("name"), first: try $0.decode("known"),
        second: try $0.decode("incoming"))
    }.sorted { $0.clip < $1.clip }
  }

  private static func refuse(_ conflicts: [ClipConflict], total: Int) throws {
    if conflicts.isEmpty { return }
    throw ResultStoreError.conflictingClips(Array(conflicts.prefix(20)), total: total)
  }
}
