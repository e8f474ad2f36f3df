/// What can be wrong with an experiment and its tables.
public enum ExperimentError: Error, Equatable, Sendable {
  /// A file that must be there is not, or cannot be opened.
  case missing(file: String, what: String)

  /// A file is not what its name says.
  case unreadable(file: String, reason: String)
}

extension ExperimentError: CustomStringConvertible {
  /// One sentence that names the file and says what to do.
  public var description: String {
    switch self {
    case .missing(let file, let what):
      "\(file) is missing or cannot be opened; \(what) is needed there."
    case .unreadable(let file, let reason):
      "\(file) cannot be read: \(reason)."
    }
  }
}

extension ExperimentError {
  /// What is wrong with a document, as part of a sentence that names its key.
  static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "“\(path(context.codingPath + [key]))” is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "“\(path(context.codingPath))” is of the wrong kind"
    case .dataCorrupted(let context) where context.underlyingError != nil:
      "it is not a document of this kind, or ends too early"
    case .dataCorrupted(let context) where context.codingPath.isEmpty: context.debugDescription
    case .dataCorrupted(let context):
      "“\(path(context.codingPath))”: \(context.debugDescription)"
    @unknown default: "it is not what its format says"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    var text = ""
    for key in keys {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text
  }
}
