import Foundation

/// Renews a site in which nothing has changed but the time and the queue.
///
/// Its dated pages are replaced one by one, each in one step; all others, and what they link, stay.
struct SiteRefresh {
  let build: SiteBuild

  /// A hash of all that a site's undated pages depend on; nil when that is not known.
  static func inputs(_ build: SiteBuild) -> String? {
    let snapshot = build.snapshot
    let collections = snapshot.collections
    guard collections.allSatisfy({ $0.inputs != nil }),
      let tables = try? JSONText.block(snapshot.tables),
      let models = try? JSONText.block(snapshot.models)
    else { return nil }
    return Digest.text(
      of: [
        "\(ClipBuilder.version)", build.templates.digest, build.assets.digest, snapshot.title,
        snapshot.softwareVersion, tables, models, "\(build.options.dumps)",
      ] + build.options.inputs
        + collections.flatMap { [$0.name, $0.summary ?? "", $0.inputs ?? "", "\($0.clips.count)"] })
  }

  /// Renews the site in place, if that is all it needs.
  ///
  /// - Returns: The size of the site, which is up to date now; nil when it needs more.
  /// - Throws: ``SiteError`` when the dated pages cannot be written.
  func run() throws -> SiteSize? {
    let folder = build.folder
    let path = folder.oldPath(BuildManifest.fileName)
    guard let inputs = Self.inputs(build), let made = Self.modified(path),
      let (summary, _): (Summary, _) = BuildManifest(lastLineOf: path)
        .value(of: BuildManifest.site, inputs: inputs),
      isIntact(summary.entries, since: made)
    else { return nil }
    let pages = SharedPages(
      snapshot: build.snapshot, folder: folder, templates: build.templates,
      frames: PageFrames(build.snapshot, build.assets))
    try pages.writeDated(summary.entries)
    for file in SharedPages.dated { try folder.replace(file) }
    return summary.undated.adding(Self.others, of: folder.oldPath(""))
  }

  /// What the manifest says of a site as a whole.
  struct Summary: Codable {
    let entries: [CollectionEntry]
    /// The size of all files but ``SiteRefresh/others``.
    let undated: SiteSize
  }

  /// The files whose size changes when nothing else does, and the one that tells the others'.
  static let others = SharedPages.dated + [BuildManifest.fileName]

  /// Whether no file was added to the site or removed from it since it was built: that would have
  /// made its folder younger than the manifest.
  private func isIntact(_ entries: [CollectionEntry], since made: timespec) -> Bool {
    let files = ["clips", "results", "models", "methods"].map { $0 + ".html" }
    guard files.allSatisfy({ SiteFile.exists(build.folder.oldPath($0)) }) else { return false }
    var folders = ["assets", ClipIndex.folder]
    let media = build.folder.oldPath("media")
    folders += (Self.names(in: media) ?? []).map { "media/" + $0 }
    for (entry, collection) in zip(entries, build.snapshot.collections) {
      let path = (entry.href as NSString).deletingLastPathComponent
      guard let clips = Self.names(in: build.folder.oldPath(path + "/clips")),
        clips.count == collection.clips.count
      else { return false }
      folders += [path, path + "/clips"] + clips.map { "\(path)/clips/\($0)" }
    }
    return folders.allSatisfy { name in
      guard let time = Self.modified(build.folder.oldPath(name)) else { return false }
      return (time.tv_sec, time.tv_nsec) <= (made.tv_sec, made.tv_nsec)
    }
  }

  private static func names(in folder: String) -> [String]? {
    try? FileManager.default.contentsOfDirectory(atPath: folder)
  }

  private static func modified(_ path: String) -> timespec? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mtim : nil
  }
}
