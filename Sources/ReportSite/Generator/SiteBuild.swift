import Annotations
import Evaluation
import Foundation
import Synchronization

/// One build: writes all files of a site into a folder.
struct SiteBuild {
  var snapshot: SiteSnapshot
  let source: any ClipReportSource
  let options: SiteOptions
  let progress: (@Sendable (SiteProgress) -> Void)?
  let templates: PageTemplates
  let assets: SiteAssets
  let folder: SiteFolder

  /// Writes everything.
  ///
  /// - Returns: The size of the site.
  func run() async throws -> SiteSize {
    try assets.write(to: folder)
    let frames = PageFrames(snapshot, assets)
    let manifest = try FileStream(BuildManifest.fileName, in: folder)
    let builder = ClipBuilder(
      folder: folder, templates: templates, frames: frames, options: options,
      old: BuildManifest(path: folder.oldPath(BuildManifest.fileName)),
      resumed: BuildManifest(path: BuildLeftovers(folder: folder.path).notes))
    let counter = ProgressCounter(
      clips: snapshot.collections.reduce(0) { $0 + $1.clips.count }, report: progress)
    let threads = BuildThreads()
    var media = MediaInUse(folder: folder)
    var addresses = PageAddress()
    var entries: [CollectionEntry] = []
    var comparisons: [ComparisonEntry] = []
    var index = ClipIndex(folder: folder)
    var first: [ClipRowView] = []
    let shared = SharedPages(
      snapshot: snapshot, folder: folder, templates: templates, frames: frames)
    for collection in snapshot.collections {
      let path = "collections/" + addresses.name(for: collection.name)
      let clips = CollectionBuild(
        collection: collection, path: path, builder: builder, source: source, threads: threads
      ) { counter.count($0) }
      var tally = CollectionTally(clips: collection.clips.count)
      let dump = options.dumps ? try CollectionDump(path, in: folder) : nil
      try await clips.run { batch in
        for clip in batch {
          try manifest.write(clip.line)
          media.add(clip.entry.media)
          tally.add(clip.entry)
          try dump?.add(clip.entry.row)
        }
        // An interrupted build goes on from what is noted.
        try manifest.flush()
      }
      let compared = try shared.writeComparisons(of: collection, tally.rows, to: path)
      comparisons += compared
      try shared.writeConfusions(of: collection, tally.rows, to: path)
      let page = CollectionWriter(
        folder: folder, templates: templates, frames: frames, queue: snapshot.queue,
        threads: threads, jobs: options.jobs)
      try await page.write(
        collection, tally, compared, downloads: try dump?.finish(collection) ?? [], to: path)
      entries.append(CollectionEntry(collection, tally, path: path))
      try index.add(
        tally.rows, of: collection.name, path: path,
        signature: FigureSignature(collection.report?.signature))
      first += tally.rows.prefix(CollectionPage.rowsOnAPage - first.count)
        .map { ClipRowView($0, root: "", in: (collection.name, path)) }
    }
    try media.removeOthers()
    try removeOtherCollections(than: entries)
    try shared.writeDated(entries)
    try index.finish()
    try shared.writeClips(entries, first)
    let addressed = zip(snapshot.collections, entries).map { ($0, $1.href) }
    try shared.write(collections: addressed, comparisons)
    let about = AboutSite(self, entries, comparisons: comparisons.count)
    try folder.write(try JSONText.document(about), to: AboutSite.file)
    let undated = SiteSize(of: folder.path, without: SiteRefresh.others)
    // Last, so that no folder of the site is younger: see SiteRefresh.
    if let inputs = SiteRefresh.inputs(self) {
      let summary = SiteRefresh.Summary(entries: entries, undated: undated)
      try manifest.write(BuildManifest.line(clip: BuildManifest.site, inputs: inputs, summary))
    }
    try manifest.flush()
    return undated.adding(SiteRefresh.others, of: folder.path)
  }

  /// Removes what an interrupted build made of collections that are gone since.
  private func removeOtherCollections(than entries: [CollectionEntry]) throws {
    guard folder.isResumed else { return }
    let path = folder.newPath("collections")
    let known = Set(entries.map { $0.href.split(separator: "/")[1] })
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where !known.contains(Substring(name)) {
      try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }
}

/// Counts clips from several threads.
private final class ProgressCounter: Sendable {
  private let clips: Int
  private let report: (@Sendable (SiteProgress) -> Void)?
  private let written = Mutex(0)

  init(clips: Int, report: (@Sendable (SiteProgress) -> Void)?) {
    self.clips = clips
    self.report = report
  }

  func count(_ clip: ClipID) {
    guard let report else { return }
    written.withLock { written in
      written += 1
      report(SiteProgress(clipsWritten: written, clipsInAll: clips, lastClip: clip.text))
    }
  }
}
