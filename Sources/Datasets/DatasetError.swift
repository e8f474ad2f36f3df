public import Media

/// What can be wrong with a data set in another format.
public enum DatasetError: Error, Equatable, Sendable {
  /// A file that must be there is not, or cannot be opened.
  case missing(file: String, what: String)

  /// A file is not what its name says.
  case unreadable(file: String, reason: String)

  /// A file cannot be written.
  case unwritable(file: String, reason: FileReason)
}

extension DatasetError: CustomStringConvertible {
  /// One sentence that names the file and says what to do.
  public var description: String {
    switch self {
    case .missing(let file, let what):
      "\(file) is missing or cannot be opened; \(what) is needed there."
    case .unreadable(let file, let reason): "\(file) cannot be read: \(reason)."
    case .unwritable(let file, let reason):
      "\(file) cannot be written (\(reason)); make room or choose another folder."
    }
  }
}
