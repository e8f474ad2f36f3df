import Annotations
import Evaluation
import Foundation

/// Writes the pages that belong to no clip: results, models, queue, methods, and the comparisons of
/// a collection's runs.
struct SharedPages {
  let snapshot: SiteSnapshot
  let folder: SiteFolder
  let templates: PageTemplates
  let frames: PageFrames

  /// Writes the comparisons of a collection's runs into its folder.
  ///
  /// - Returns: What the page of results and the collection's page say of them.
  func writeComparisons(
    of collection: CollectionSnapshot, _ rows: [ClipRow], to path: String
  ) throws -> [ComparisonEntry] {
    let pairs = RunPairs(collection.runs).pairs
    if pairs.isEmpty { return [] }
    let byID = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return try pairs.map { pair in
      let crumbs = [
        PageFrame.Crumb(label: collection.name, href: "index.html"),
        PageFrame.Crumb(label: pair.title, href: nil),
      ]
      let page = ComparisonPage(
        frame: frames.frame(
          title: "\(pair.title) – \(collection.name)", root: "../../",
          crumbs: crumbs, twin: pair.file + ".json"),
        pair: pair, rows: byID)
      try folder.write(try templates.page("comparison", page), to: "\(path)/\(pair.file).html")
      try folder.write(
        try JSONText.document(pair.comparison), to: "\(path)/\(pair.file).json")
      return ComparisonEntry(
        title: "\(collection.name): \(pair.title)", runs: pair.title,
        address: "\(path)/\(pair.file).html", words: page.verdict,
        kind: ComparisonPage.kind(pair.comparison),
        isLatest: collection.runs.suffix(2).map(\.model.sha256)
          == [pair.first.model.sha256, pair.second.model.sha256])
    }
  }

  /// Writes the page that lists what was taken for what into a collection's folder.
  func writeConfusions(
    of collection: CollectionSnapshot, _ rows: [ClipRow], to path: String
  ) throws {
    guard let confusion = ConfusionView(rows, root: "../../") else { return }
    let crumbs = [
      PageFrame.Crumb(label: collection.name, href: "index.html"),
      PageFrame.Crumb(label: "What was taken for what", href: nil),
    ]
    let page = ConfusionPage(
      frame: frames.frame(
        title: "What was taken for what – \(collection.name)", root: "../../",
        crumbs: crumbs, twin: "confusions.json"), name: collection.name, confusion: confusion)
    try folder.write(try templates.page("confusions", page), to: "\(path)/\(ConfusionView.file)")
    try folder.write(
      try JSONText.document(["pairs": confusion.pairs]), to: path + "/confusions.json")
  }

  /// Writes the page that lists the clips of all collections.
  ///
  /// - Parameters:
  ///   - collections: The collections.
  ///   - first: The first clips, for readers without scripts.
  /// - Throws: ``SiteError``.
  func writeClips(_ collections: [CollectionEntry], _ first: [ClipRowView]) throws {
    let page = AllClipsPage(
      frame: frames.frame(
        title: "Clips", root: "", crumbs: [.init(label: "Clips", href: nil)],
        twin: SiteFolder.marker),
      collections: collections.map {
        .init(name: $0.name, address: $0.href, clips: DisplayText.count($0.clips, "clip"))
      },
      clips: ClipListView(first: first, of: collections.reduce(0) { $0 + $1.clips }))
    try folder.write(try templates.page("clips", page), to: "clips.html")
  }

  /// Writes the pages beside the first one.
  func write(
    collections: [(snapshot: CollectionSnapshot, address: String)], _ comparisons: [ComparisonEntry]
  ) throws {
    let results = ResultsPage(
      frame: around("results", "Results"), collections: collections, comparisons: comparisons,
      tables: snapshot.tables)
    try write("results", results, twin: ResultsDocument(snapshot, collections.map(\.snapshot)))
    let runs = RunFeed.document(
      title: snapshot.title, software: snapshot.softwareVersion, collections)
    try folder.write(runs, to: RunFeed.file)
    let models = ModelsPage(frame: around("models", "Models"), models: snapshot.models)
    try write("models", models, twin: snapshot.models)
    try write(
      "methods", MethodsPage(frame: around("methods", "Methods")),
      twin: ["figures": MetricName.all])
  }

  /// The files of ``writeDated(_:)``.
  static let dated = [
    "index.html", SiteFolder.marker, "queue.html", "queue.json", FailureFeed.file,
    CollectionFeed.file,
  ]

  /// Writes the pages that change with every snapshot: the first one, and that of the queue.
  func writeDated(_ entries: [CollectionEntry]) throws {
    let page = IndexPage(frame: frames.index, entries: entries, queue: snapshot.queue)
    try folder.write(try templates.page("index", page), to: "index.html")
    let document = SiteDocument(
      title: snapshot.title, generatedAt: snapshot.generatedAt, software: snapshot.softwareVersion,
      collections: entries, queue: snapshot.queue)
    try folder.write(try JSONText.document(document), to: SiteFolder.marker)
    let pages = pagesOfFailedClips(entries)
    let queue = QueuePage(frame: around("queue", "Queue"), queue: snapshot.queue) {
      pages[$0]?[$1]
    }
    try write("queue", queue, twin: snapshot.queue)
    try folder.write(FailureFeed.document(snapshot), to: FailureFeed.file)
    try folder.write(CollectionFeed.document(snapshot, entries), to: CollectionFeed.file)
  }

  /// By collection and clip the pages of clips that the queue gave up.
  private func pagesOfFailedClips(_ entries: [CollectionEntry]) -> [String: [String: String]] {
    let failures = Dictionary(grouping: snapshot.queue?.failures ?? [], by: \.collection)
    var pages: [String: [String: String]] = [:]
    for (collection, entry) in zip(snapshot.collections, entries) {
      let wanted = Set((failures[collection.name] ?? []).compactMap(\.clip))
      if wanted.isEmpty { continue }
      let folder = (entry.href as NSString).deletingLastPathComponent
      // A clip's folder hangs on the names of the clips before it.
      var addresses = PageAddress()
      for clip in collection.clips {
        let name = addresses.name(for: clip.text)
        guard wanted.contains(clip.text) else { continue }
        pages[collection.name, default: [:]][clip.text] = "\(folder)/clips/\(name)/index.html"
      }
    }
    return pages
  }

  private func around(_ page: String, _ title: String) -> PageFrame {
    frames.frame(
      title: title, root: "", crumbs: [.init(label: title, href: nil)],
      twin: page + ".json")
  }

  private func write(_ name: String, _ view: some Encodable, twin: some Encodable) throws {
    try folder.write(try templates.page(name, view), to: name + ".html")
    try folder.write(try JSONText.document(twin), to: name + ".json")
  }
}
