/// What can be wrong with a clip's id, mask, prediction or ground truth.
public enum AnnotationError: Error, Equatable, Sendable {
  /// The text cannot name a clip: it is empty, too long, or not one safe path component.
  case invalidClipID(String)

  /// A run-length mask does not decode to `height × width` pixels.
  case corruptRunLength(height: Int, width: Int)

  /// Two lists that must be parallel have different lengths.
  case unequalCounts(file: String, what: String, expected: Int, found: Int)

  /// The document is not what its format says.
  case malformed(file: String, reason: String)

  /// The document was written by a newer program.
  case unsupportedFormat(file: String, format: Int)
}

extension AnnotationError: CustomStringConvertible {
  /// One sentence that names the file and says what to do.
  public var description: String {
    switch self {
    case .invalidClipID(let text):
      "“\(text)” cannot be a clip id; use 1 to 200 characters without “/”, "
        + "control characters or a leading dot."
    case .corruptRunLength(let height, let width):
      "The run-length mask does not describe \(height)×\(width) pixels; write it again."
    case .unequalCounts(let file, let what, let expected, let found):
      "\(file): “\(what)” has \(found) entries where \(expected) are needed."
    case .malformed(let file, let reason):
      "\(file) cannot be read: \(reason)."
    case .unsupportedFormat(let file, let format):
      "\(file) has format \(format); this version reads format 1, so update avu."
    }
  }
}
