/// The name of a clip within a collection, safe to use as one path component and in a URL path.
///
/// Ids come from file names, so they are user input: everything that could leave a folder or
/// break a line of a log is refused here, once.
public struct ClipID: Hashable, Sendable, Comparable {
  /// The id as given.
  public let text: String

  /// Checks and wraps `text`.
  ///
  /// - Parameter text: 1 to 200 characters (at most 240 UTF-8 bytes), no `/`, no `\`, no control
  ///   or bidirectional-override character, no leading dot.
  /// - Throws: ``AnnotationError/invalidClipID(_:)``.
  public init(_ text: String) throws(AnnotationError) {
    guard Self.isValid(text) else { throw .invalidClipID(text) }
    self.text = text
  }

  /// Makes a valid id from any file name: forbidden characters become `_`, and the length is cut.
  ///
  /// - Parameter name: A file name without its extension, maybe with odd characters.
  public init(fileName name: String) {
    var text = ""
    for character in name {
      let safe = character.unicodeScalars.allSatisfy(Self.isAllowed) ? character : "_"
      guard text.utf8.count + safe.utf8.count <= 200 else { break }
      text.append(safe)
    }
    if text.hasPrefix(".") || text.isEmpty { text = "_" + text.dropFirst() }
    self.text = text
  }

  /// Orders ids by their Unicode scalars, the same on every machine.
  public static func < (left: ClipID, right: ClipID) -> Bool { left.text < right.text }

  private static func isValid(_ text: String) -> Bool {
    !text.isEmpty && text.count <= 200 && text.utf8.count <= 240 && !text.hasPrefix(".")
      && text.unicodeScalars.allSatisfy(isAllowed)
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
    default: scalar != "/" && scalar != "\\" && scalar != "\u{FFFD}"
    }
  }
}

extension ClipID: CustomStringConvertible {
  /// The id itself.
  public var description: String { text }
}

extension ClipID: Codable {
  /// Reads an id from a JSON string and checks it.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    try self.init(text)
  }

  /// Writes the id as a JSON string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
