/// Why the schema cannot be brought up to date.
public enum MigrationProblem: Equatable, Sendable {
  /// The folder with the migrations cannot be read.
  case unreadable(path: String)

  /// A `.sql` file is not named `NNNN_name.sql`, or shares its number with another.
  case misnamed(file: String)

  /// A file was changed after it had been applied.
  case changed(file: String)

  /// A migration was applied whose file is not in the folder.
  case missing(file: String)

  /// The database was migrated by a newer program.
  case databaseNewer(version: Int, newestKnown: Int)

  /// A file has a lower number than one that is already applied.
  case outOfOrder(file: String)

  /// The file's own SQL failed; nothing of it was kept.
  case failed(file: String, reason: String)
}

extension MigrationProblem: CustomStringConvertible {
  /// One sentence that names the file and says what to do.
  public var description: String {
    switch self {
    case .unreadable(let path):
      "The migrations cannot be read at \(path); install avu again."
    case .misnamed(let file):
      "The migration \(file) needs a name such as 0007_name.sql with a number of its own."
    case .changed(let file):
      "The migration \(file) was changed after the database applied it; restore the file."
    case .missing(let file):
      "The database has applied the migration \(file), which is missing here; restore the file."
    case .databaseNewer(let version, let newest):
      "The database has schema version \(version) and this program knows \(newest); update avu."
    case .outOfOrder(let file):
      "The migration \(file) comes after a later one was applied; give it a higher number."
    case .failed(let file, let reason):
      "The migration \(file) failed and changed nothing: \(reason)"
    }
  }
}
