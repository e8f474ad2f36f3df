/// One clip in a table or gallery.
struct ClipRowView: Encodable {
  let id: String
  let href: String
  let state: String
  let category: String
  let iou: String
  let fScore: String
  let length: String
  let sounding: String
  let sentence: String
  let picture: String?
  let reason: String?
  let attempts: String?
  /// The collection, on a page that lists several.
  let collection: String?

  /// - Parameters:
  ///   - row: The clip.
  ///   - root: From the page's folder to the site's.
  ///   - collection: Name and folder of the collection, on a page outside of it.
  init(_ row: ClipRow, root: String, in collection: (name: String, path: String)? = nil) {
    id = row.id
    href = collection.map { "\($0.path)/\(row.href)" } ?? row.href
    self.collection = collection?.name
    state = row.state
    category = row.category ?? "–"
    iou = DisplayText.fixed(row.iou, 3)
    fScore = DisplayText.fixed(row.fScore, 3)
    length = DisplayText.duration(row.duration)
    sounding = DisplayText.duration(row.sounding)
    let more = row.sentences.count - 1
    sentence = (row.sentences.first ?? "") + (more > 0 ? " (+\(more))" : "")
    picture = row.thumbnail.map { root + $0 }
    reason = row.reason
    attempts = row.attempts.map { DisplayText.count($0, "attempt") }
  }
}
