import Annotations
import Evaluation
import Foundation

/// One build: writes all files of a site into a folder.
struct SiteBuild {
  let snapshot: SiteSnapshot
  let source: any ClipReportSource
  let options: SiteOptions
  let progress: (@Sendable (SiteProgress) -> Void)?
  let templates: PageTemplates
  let assets: SiteAssets
  let folder: SiteFolder

  /// Writes everything.
  func run() async throws {
    try assets.write(to: folder)
    var addresses = PageAddress()
    var entries: [CollectionEntry] = []
    var comparisons: [ComparisonEntry] = []
    let shared = sharedPages
    var written = 0
    for collection in snapshot.collections {
      let path = "collections/" + addresses.name(for: collection.name)
      let tally = try await writeClips(of: collection, in: path, &written)
      let compared = try shared.writeComparisons(of: collection, tally.rows, to: path)
      comparisons += compared
      try shared.writeConfusions(of: collection, tally.rows, to: path)
      try writeCollection(collection, tally, compared, in: path)
      entries.append(entry(collection, tally, path))
    }
    try writeIndex(entries)
    let addressed = zip(snapshot.collections, entries).map { ($0, $1.href) }
    try shared.write(collections: addressed, comparisons)
  }

  private var sharedPages: SharedPages {
    SharedPages(snapshot: snapshot, folder: folder, templates: templates) {
      frame($0, title: $1, root: $2, crumbs: $3, twin: $4)
    }
  }

  // MARK: Clips

  private func writeClips(
    of collection: CollectionSnapshot, in path: String, _ written: inout Int
  ) async throws -> CollectionTally {
    var addresses = PageAddress()
    let names = collection.clips.map { addresses.name(for: $0.text) }
    var tally = CollectionTally()
    let all = snapshot.collections.reduce(0) { $0 + $1.clips.count }
    for (index, clip) in collection.clips.enumerated() {
      try Task.checkCancellation()
      let report = try await source.report(of: clip, in: collection.name)
      let moments = ClipMoment.moments(of: report)
      let media = try ClipMediaWriter(folder: folder, options: options).media(for: report, moments)
      let near = { (place: Int) in
        collection.clips.indices.contains(place)
          ? ClipPage.Link(
            id: collection.clips[place].text, address: "../\(names[place])/index.html") : nil
      }
      let page = try ClipPage(
        report, moments, media,
        frame: clipFrame(clip, of: collection), neighbours: (near(index - 1), near(index + 1)))
      try write(page, report, moments, to: "\(path)/clips/\(names[index])")
      tally.add(
        ClipRow(
          report, href: "clips/\(names[index])/index.html", moments: moments,
          thumbnail: media.thumbnail), moments)
      written += 1
      progress?(SiteProgress(clipsWritten: written, clipsInAll: all, lastClip: clip.text))
    }
    return tally
  }

  private func write(
    _ page: ClipPage, _ report: ClipReport, _ moments: [ClipMoment], to path: String
  ) throws {
    try folder.write(try templates.page("clip", page), to: path + "/index.html")
    var shown = report
    shown.location = ClipProvenance.fileName(report.location)
    try folder.write(try JSONText.document(shown), to: path + "/index.json")
    if let prediction = report.prediction {
      try folder.write(
        try JSONText.document(prediction), to: "\(path)/\(ClipDownloads.prediction)")
      try folder.write(WebVTT.document(moments), to: "\(path)/\(ClipDownloads.captions)")
    }
    if report.prediction != nil || report.truth?.masks != nil {
      let masks = MaskDocument(clip: report.id, moments: moments)
      try folder.write(try JSONText.document(masks), to: "\(path)/\(ClipDownloads.masks)")
    }
  }

  // MARK: Collections and the first page

  private func writeCollection(
    _ collection: CollectionSnapshot, _ tally: CollectionTally, _ comparisons: [ComparisonEntry],
    in path: String
  ) throws {
    let frame = collectionFrame(collection)
    let lists = try ClipListView.parts(of: tally.rows, root: frame.root)
    let page = CollectionPage(
      frame: frame, collection: collection, tally: tally, list: lists[0],
      comparisons: comparisons, queue: snapshot.queue)
    try folder.write(try templates.page("collection", page), to: path + "/index.html")
    for (part, list) in lists.enumerated().dropFirst() {
      let further = ListPage(frame: frame, name: collection.name, clips: list)
      try folder.write(
        try templates.page("list", further), to: "\(path)/\(ClipListView.fileName(of: part))")
    }
    let twin = CollectionDocument(
      name: collection.name, report: collection.report, clips: tally.rows)
    try folder.write(try JSONText.document(twin), to: path + "/index.json")
  }

  private func entry(
    _ collection: CollectionSnapshot, _ tally: CollectionTally, _ path: String
  ) -> CollectionEntry {
    CollectionEntry(
      name: collection.name, summary: collection.summary, href: path + "/index.html",
      clips: tally.rows.count, done: tally.clips(in: "done"), failed: tally.clips(in: "failed"),
      waiting: tally.clips(in: "waiting"), metrics: collection.report?.overall,
      covers: Array(tally.rows.compactMap(\.thumbnail).prefix(4)))
  }

  private func writeIndex(_ entries: [CollectionEntry]) throws {
    let page = IndexPage(frame: indexFrame(), entries: entries, queue: snapshot.queue)
    try folder.write(try templates.page("index", page), to: "index.html")
    let document = SiteDocument(
      title: snapshot.title, generatedAt: snapshot.generatedAt, software: snapshot.softwareVersion,
      collections: entries, queue: snapshot.queue)
    try folder.write(try JSONText.document(document), to: SiteFolder.marker)
  }

  // MARK: What is around pages

  private func indexFrame() -> PageFrame {
    frame("index", title: snapshot.title, root: "", crumbs: [], twin: SiteFolder.marker)
  }

  private func collectionFrame(_ collection: CollectionSnapshot) -> PageFrame {
    frame(
      "collection", title: collection.name, root: "../../",
      crumbs: [.init(label: collection.name, href: nil)], twin: "index.json")
  }

  private func clipFrame(_ clip: ClipID, of collection: CollectionSnapshot) -> PageFrame {
    frame(
      "clip", title: "\(clip.text) – \(collection.name)", root: "../../../../",
      crumbs: [
        .init(label: collection.name, href: "../../index.html"), .init(label: clip.text, href: nil),
      ], twin: "index.json")
  }

  private func frame(
    _ page: String, title: String, root: String, crumbs: [PageFrame.Crumb], twin: String
  ) -> PageFrame {
    PageFrame(
      title: title, root: root, stylesheet: root + assets.stylesheet,
      scripts: assets.scripts(of: page).map { root + $0 }, siteTitle: snapshot.title,
      software: snapshot.softwareVersion,
      generated: MomentView(snapshot.generatedAt), crumbs: crumbs, twin: twin)
  }
}
