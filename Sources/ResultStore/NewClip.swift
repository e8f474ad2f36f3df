public import Annotations

/// A video file to be made known under a name.
public struct NewClip: Hashable, Sendable {
  /// The clip's name in its collection.
  public var id: ClipID

  /// SHA-256 of the file, 64 lower-case hexadecimal digits.
  public var sha256: String

  /// The file's size.
  public var bytes: Int64

  /// Where the file is, a path or a URL; only passed through.
  public var location: String

  /// Describes a file.
  ///
  /// - Parameters:
  ///   - id: The clip's name in its collection.
  ///   - sha256: SHA-256 of the file, 64 lower-case hexadecimal digits.
  ///   - bytes: The file's size.
  ///   - location: Where the file is.
  public init(id: ClipID, sha256: String, bytes: Int64, location: String) {
    self.id = id
    self.sha256 = sha256
    self.bytes = bytes
    self.location = location
  }
}

/// What registering changed.
public struct Registration: Hashable, Sendable {
  /// How many clips were not in the collection before.
  public let newClips: Int

  /// How many videos were not known before in any collection.
  public let newVideos: Int

  /// Clips that were left out, because their name is registered for another content.
  public let conflicts: [ClipConflict]
}
