import Evaluation

/// Writes a collection's own pages and their twin.
struct CollectionWriter {
  let folder: SiteFolder
  let templates: PageTemplates
  let frames: PageFrames
  let queue: QueueSnapshot?

  /// Writes them into the collection's folder.
  func write(
    _ collection: CollectionSnapshot, _ tally: CollectionTally, _ comparisons: [ComparisonEntry],
    downloads: [DownloadView], to path: String
  ) throws {
    let frame = frames.collection(collection.name)
    let list = { (part: Int) in
      ClipListView(part: part, of: tally.rows, root: frame.root, scope: path)
    }
    let page = CollectionPage(
      frame: frame, collection: collection, tally: tally, list: list(0),
      comparisons: comparisons, queue: queue, downloads: downloads)
    try folder.write(try templates.page("collection", page), to: path + "/index.html")
    let count = tally.rows.count
    let rows = { (part: Int) in Array(tally.rows[ClipListView.range(of: part, of: count)]) }
    let parts = (0..<ClipListView.count(of: count)).dropFirst()
    for part in parts {
      let twin = ClipListView.fileName(of: part, "json")
      let further = ListPage(
        frame: frames.collection(collection.name, twin: twin), name: collection.name,
        clips: list(part))
      try folder.write(
        try templates.page("list", further), to: "\(path)/\(ClipListView.fileName(of: part))")
      let document = ListDocument(name: collection.name, clips: rows(part))
      try folder.write(try JSONText.document(document), to: "\(path)/\(twin)")
    }
    var report = collection.report
    report?.byClip = [:]
    let twin = CollectionDocument(
      name: collection.name, report: report, count: count, clips: rows(0),
      parts: parts.map { ClipListView.fileName(of: $0, "json") })
    try folder.write(try JSONText.document(twin), to: path + "/index.json")
  }
}
