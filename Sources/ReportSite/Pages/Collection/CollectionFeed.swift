import Foundation

/// The collections whose clips are all done or given up as an Atom feed (RFC 4287): an entry when a
/// batch of work has come to its end.
enum CollectionFeed {
  static let file = "collections.atom"
  private static let entries = 50

  /// The feed.
  ///
  /// - Parameters:
  ///   - snapshot: The site's snapshot.
  ///   - collections: What the first page says of its collections.
  /// - Returns: XML. A collection that grows and is finished again has a new entry.
  static func document(_ snapshot: SiteSnapshot, _ collections: [CollectionEntry]) -> [UInt8] {
    let finished = collections.compactMap { entry in
      entry.waiting == 0 ? entry.finishedAt.map { (entry: entry, at: $0) } : nil
    }.sorted { ($1.at, $0.entry.name) < ($0.at, $1.entry.name) }.prefix(entries)
    let feed = AtomFeed(
      id: "collections", title: "\(snapshot.title): finished collections",
      author: snapshot.softwareVersion, file: file, page: "index.html",
      updated: finished.first?.at ?? Date(timeIntervalSince1970: 0))
    return feed.document(
      finished.map { entry, at in
        let when = Int(at.timeIntervalSince1970)
        return AtomFeed.Entry(
          id: "collection/\(DisplayText.query(entry.name))/\(entry.clips)/\(when)",
          title: "\(entry.name) is finished", updated: at, address: entry.href,
          summary: "\(DisplayText.count(entry.clips, "clip")): \(entry.done) done, "
            + "\(entry.failed) failed.")
      })
  }
}
