import Foundation

/// What an interrupted build left in its folder, or the site that was replaced by a build, and
/// whether the next build can go on from there.
///
/// Pages are noted in the manifest after they are written, so those in it are whole for as long as
/// the machine runs; after a restart of the machine the disk may have lost some.
struct BuildLeftovers {
  let folder: String

  /// The folder of the notes.
  static let state = ".state"

  private var boot: String { "\(folder)/\(Self.state)/boot" }

  /// What earlier interrupted builds noted, one after the other.
  var notes: String { "\(folder)/\(Self.state)/manifest" }

  private var manifest: String { folder + "/" + BuildManifest.fileName }

  /// The clips whose noted files the build has begun to replace.
  private var replaced: String { "\(folder)/\(Self.state)/replaced" }

  /// Whether the pages there can be used.
  var areUsable: Bool {
    guard let noted = FileManager.default.contents(atPath: boot), !noted.isEmpty else {
      return false
    }
    return noted == Self.currentBoot
  }

  /// Removes everything but pages of clips, videos and pictures, and keeps what is noted of them.
  func keepPages() throws {
    try keepNotes()
    let kept: Set<String> = ["collections", "media", Self.state]
    try removeAll(in: folder) { !kept.contains($0) }
    let collections = folder + "/collections"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: collections)) ?? [] {
      try removeAll(in: "\(collections)/\(name)") { $0 != "clips" }
    }
  }

  /// Removes everything.
  func removeAll() throws { try removeAll(in: folder) { _ in true } }

  /// Notes that a build has begun.
  func begin() throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/\(Self.state)", withIntermediateDirectories: true)
    try (Self.currentBoot ?? Data()).write(to: URL(fileURLWithPath: boot))
  }

  /// Removes the notes of a build that is complete.
  func end() { try? FileManager.default.removeItem(atPath: "\(folder)/\(Self.state)") }

  /// Notes that a clip's files are no longer those that were noted; before the first of them goes.
  func replace(_ clip: String) throws(SiteError) {
    let file = open(replaced, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .cannotWrite(path: replaced, reason: lastSystemFailure()) }
    defer { close(file) }
    try SiteFile.writeAll(BuildManifest.undone(clip: clip)[...], to: file, replaced)
  }

  /// Takes what the build before noted to what builds before it did.
  private func keepNotes() throws {
    if !SiteFile.exists(notes), !SiteFile.exists(replaced), SiteFile.exists(manifest) {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(Self.state)", withIntermediateDirectories: true)
      return try FileManager.default.moveItem(atPath: manifest, toPath: notes)
    }
    // In this order: what was replaced was noted anew when it was complete.
    for file in [replaced, manifest] {
      guard let noted = FileManager.default.contents(atPath: file) else { continue }
      let output = open(notes, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
      guard output >= 0 else {
        throw SiteError.cannotWrite(path: notes, reason: lastSystemFailure())
      }
      defer { close(output) }
      try SiteFile.writeAll([UInt8(ascii: "\n")], to: output, notes)
      try SiteFile.writeAll(Array(noted)[...], to: output, notes)
      try FileManager.default.removeItem(atPath: file)
    }
  }

  private func removeAll(in folder: String, where isMeant: (String) -> Bool) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) where isMeant(name) {
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
  }

  /// Differs after each start of the machine; nil where the system does not say.
  private static var currentBoot: Data? {
    FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id")
  }
}
