import Evaluation

/// Writes a collection's own pages and their twin.
struct CollectionWriter {
  let folder: SiteFolder
  let templates: PageTemplates
  let frames: PageFrames
  let queue: QueueSnapshot?
  let threads: BuildThreads
  let jobs: Int

  /// Writes them into the collection's folder.
  func write(
    _ collection: CollectionSnapshot, _ tally: CollectionTally, _ comparisons: [ComparisonEntry],
    downloads: [DownloadView], to path: String
  ) async throws {
    let frame = frames.collection(collection.name)
    let list = ClipListView(part: 0, of: tally.rows, root: frame.root, scope: path)
    let page = CollectionPage(
      frame: frame, collection: collection, tally: tally, list: list,
      comparisons: comparisons, queue: queue, downloads: downloads)
    try folder.write(try templates.page("collection", page), to: path + "/index.html")
    let count = ClipListView.count(of: tally.rows.count)
    try await writeLists(of: tally.rows, collection.name, 1..<count, to: path)
    var report = collection.report
    report?.byClip = [:]
    let first = ClipListView.range(of: 0, of: tally.rows.count)
    let twin = CollectionDocument(
      name: collection.name, report: report, count: tally.rows.count,
      clips: Array(tally.rows[first]),
      parts: (1..<count).map { ClipListView.fileName(of: $0, "json") })
    try folder.write(try JSONText.document(twin), to: path + "/index.json")
  }

  /// Writes further parts of the list: a thousand of them for a hundred thousand clips.
  private func writeLists(
    of rows: [ClipRow], _ name: String, _ parts: Range<Int>, to path: String
  ) async throws {
    let (folder, templates, frames) = (folder, templates, frames)
    try await threads.forEach(parts, jobs: jobs) { part in
      let twin = ClipListView.fileName(of: part, "json")
      let frame = frames.collection(name, twin: twin)
      let list = ClipListView(part: part, of: rows, root: frame.root, scope: path)
      let page = ListPage(frame: frame, name: name, clips: list)
      try folder.write(
        try templates.page("list", page), to: "\(path)/\(ClipListView.fileName(of: part))")
      let range = ClipListView.range(of: part, of: rows.count)
      let document = ListDocument(name: name, clips: Array(rows[range]))
      try folder.write(try JSONText.document(document), to: "\(path)/\(twin)")
    }
  }
}
