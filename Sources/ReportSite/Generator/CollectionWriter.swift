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
    let lists = try ClipListView.parts(of: tally.rows, root: frame.root)
    let page = CollectionPage(
      frame: frame, collection: collection, tally: tally, list: lists[0],
      comparisons: comparisons, queue: queue)
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
}
