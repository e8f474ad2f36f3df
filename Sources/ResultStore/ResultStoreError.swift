/// What can go wrong in storing and reading results, apart from the database itself.
public enum ResultStoreError: Error, Equatable, Sendable {
  /// Clips of the same name have different content; `total` may be more than is listed.
  case conflictingClips([ClipConflict], total: Int)

  /// No clip of that name is in the collection.
  case unknownClip(collection: String, clip: String)

  /// No video with that content was registered.
  case unknownVideo(sha256: String)

  /// No prediction of that model was stored.
  case unknownModel(sha256: String)

  /// A stored document cannot be read by this version of the program.
  case unreadableDocument(what: String, reason: String)
}

/// Two files that claim the same name in a collection.
public struct ClipConflict: Hashable, Sendable {
  /// The name.
  public let clip: String

  /// Where the file is that has the name.
  public let first: String

  /// Where the other file is.
  public let second: String
}

extension ResultStoreError: CustomStringConvertible {
  /// One sentence that says what to do.
  public var description: String {
    switch self {
    case .conflictingClips(let conflicts, let total):
      Self.describe(conflicts, total: total)
    case .unknownClip(let collection, let clip):
      "The collection “\(collection)” has no clip “\(clip)”; submit it first."
    case .unknownVideo(let sha256):
      "No video with the content \(sha256) was submitted; submit it first."
    case .unknownModel(let sha256):
      "No prediction of the model \(sha256) is stored; run the model first."
    case .unreadableDocument(let what, let reason):
      "The stored \(what) cannot be read (\(reason)); a newer avu may have written it."
    }
  }

  private static func describe(_ conflicts: [ClipConflict], total: Int) -> String {
    let pairs = conflicts.map { "“\($0.clip)” is both \($0.first) and \($0.second)" }
    let rest = total > conflicts.count ? ", and \(total - conflicts.count) more" : ""
    return "Different files have the same clip name: " + pairs.joined(separator: "; ") + rest
      + "; rename them or use another collection."
  }
}
