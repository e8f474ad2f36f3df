import Annotations
import Foundation

/// A site that was built.
public struct BuiltSite: Hashable, Sendable {
  /// The full path of the file to open.
  public let index: String

  /// How large it is.
  public let size: SiteSize
}

/// Builds the static site: pages that need no server, no network and no script to be read.
public struct SiteGenerator: Sendable {
  private let templates: String
  private let assets: String
  private let output: String

  /// Says where things are.
  ///
  /// - Parameters:
  ///   - templates: The folder with the `*.mustache` files.
  ///   - assets: The folder with the style sheets and scripts.
  ///   - output: The site's folder; absent, empty, or a site of an earlier build.
  public init(templates: String, assets: String, output: String) {
    self.templates = templates
    self.assets = assets
    self.output = output
  }

  /// Builds the site and puts it in place of the old one when it is complete.
  ///
  /// The same snapshot, records and videos give the same bytes, whether pages are made anew or taken
  /// over from the old site: those are whose clip has the revision they were made from. Where no
  /// collection has changed at all, only the dated pages are written. Videos and
  /// pictures are taken over by what they hold. An interrupted build is gone on with by the next;
  /// the hidden folder `.NAME.building` beside the site holds what it left, and of large sites the
  /// one that was replaced.
  ///
  /// - Parameters:
  ///   - snapshot: What the site shows.
  ///   - source: Where the records of its clips come from.
  ///   - options: What a build may leave open.
  ///   - progress: Called after each clip.
  ///   - check: Called with the complete site's size before it takes its place.
  /// - Returns: Where the site is, and its size.
  /// - Throws: ``SiteError``, or what `source` throws; the old site then stays as it was.
  public func build(
    _ snapshot: SiteSnapshot, source: any ClipReportSource, options: SiteOptions = SiteOptions(),
    progress: (@Sendable (SiteProgress) -> Void)? = nil,
    check: (SiteSize) throws -> Void = { _ in }
  ) async throws -> BuiltSite {
    try requireUnique(snapshot)
    var options = options
    options.jobs = max(1, options.jobs)
    var build = SiteBuild(
      snapshot: snapshot, source: source, options: options, progress: progress,
      templates: try PageTemplates(folder: templates),
      assets: try SiteAssets(folder: assets), folder: try SiteFolder(for: output))
    let size: SiteSize
    do {
      if let present = try SiteRefresh(build: build).run() {
        size = present
        build.folder.close()
      } else {
        build.snapshot = try await snapshot.completed()
        FreedMemory.giveBack()
        size = try await build.run()
        try check(size)
        let clips = snapshot.collections.reduce(0) { $0 + $1.clips.count }
        try build.folder.commit(keepsOld: clips >= options.keepsReplacedFrom)
      }
    } catch let error as SiteError {
      // A full disk above all: what was written would only keep it full.
      build.folder.discard()
      throw error
    }
    return BuiltSite(
      index: URL(fileURLWithPath: output).standardizedFileURL.path + "/index.html", size: size)
  }

  private func requireUnique(_ snapshot: SiteSnapshot) throws(SiteError) {
    var names: Set<String> = []
    for collection in snapshot.collections {
      guard names.insert(collection.name).inserted else {
        throw .duplicate(what: "collection", name: collection.name)
      }
      var clips: Set<ClipID> = []
      for clip in collection.clips where !clips.insert(clip).inserted {
        throw .duplicate(what: "clip", name: clip.text)
      }
    }
  }
}
