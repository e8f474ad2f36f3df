import Foundation

/// The failures of the queue as an Atom feed.
enum FailureFeed {
  static let file = "failures.atom"
  private static let entries = 50

  /// The feed.
  ///
  /// - Parameter snapshot: The site's snapshot; its time is the feed's when there is no failure.
  /// - Returns: XML.
  static func document(_ snapshot: SiteSnapshot) -> [UInt8] {
    let failures = (snapshot.queue?.failures ?? []).prefix(entries)
    let feed = AtomFeed(
      id: "failures", title: "\(snapshot.title): failures", author: snapshot.softwareVersion,
      file: file, page: "queue.html",
      updated: failures.compactMap(\.at).max() ?? snapshot.generatedAt)
    return feed.document(
      failures.map { failure in
        AtomFeed.Entry(
          id: "job/\(failure.job)/\(failure.attempts)",
          title: "\(failure.work) failed in \(failure.collection): \(failure.kind)",
          updated: failure.at ?? snapshot.generatedAt, address: "queue.html#job-\(failure.job)",
          summary: failure.reason)
      })
  }
}
