import Annotations
import Evaluation
import Foundation

/// The runs of all collections as an Atom feed (RFC 4287): an entry when a model was scored.
enum RunFeed {
  static let file = "runs.atom"
  private static let entries = 50

  /// The feed.
  ///
  /// - Parameters:
  ///   - title: The site's title.
  ///   - software: Who made it.
  ///   - collections: The collections, with the addresses of their pages.
  /// - Returns: XML. It hangs on the runs alone; without any its time is that of the first day of
  ///   1970.
  static func document(
    title: String, software: String,
    _ collections: [(snapshot: CollectionSnapshot, address: String)]
  ) -> [UInt8] {
    let runs = collections.flatMap { collection in
      collection.snapshot.runs.compactMap { run in
        run.finishedAt.map { (collection: collection, run: run, at: $0) }
      }
    }.sorted { ($1.at, $0.run.model.sha256) < ($0.at, $1.run.model.sha256) }.prefix(entries)
    let feed = AtomFeed(
      id: "runs", title: "\(title): runs", author: software, file: file, page: "results.html",
      updated: runs.first?.at ?? Date(timeIntervalSince1970: 0))
    return feed.document(
      runs.map { collection, run, at in
        let figures = ["mIoU", "F-score", "CIDEr"].compactMap { name in
          run.report.overall.values[name].map { "\(name) \(DisplayText.fixed($0.value, 3))" }
        }
        return AtomFeed.Entry(
          id: "run/\(DisplayText.query(collection.snapshot.name))/\(run.model.sha256)",
          title: "\(run.model.name) on \(collection.snapshot.name)", updated: at,
          address: collection.address,
          summary: (["\(DisplayText.count(run.clips, "clip"))"] + figures).joined(separator: ", "))
      })
  }
}
