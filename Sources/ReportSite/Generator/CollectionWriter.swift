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
    to path: String
  ) throws {
    let frame = frames.collection(collection.name)
    let list = { (part: Int) in
      ClipListView(part: part, of: tally.rows, root: frame.root, scope: path)
    }
    let page = CollectionPage(
      frame: frame, collection: collection, tally: tally, list: list(0),
      comparisons: comparisons, queue: queue)
    try folder.write(try templates.page("collection", page), to: path + "/index.html")
    for part in (0..<ClipListView.count(of: tally.rows.count)).dropFirst() {
      let further = ListPage(frame: frame, name: collection.name, clips: list(part))
      try folder.write(
        try templates.page("list", further), to: "\(path)/\(ClipListView.fileName(of: part))")
    }
    let twin = CollectionDocument(
      name: collection.name, report: collection.report, clips: tally.rows)
    try folder.write(try JSONText.document(twin), to: path + "/index.json")
  }
}
