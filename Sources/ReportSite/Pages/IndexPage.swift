import Evaluation
import Foundation

/// The view of the first page.
struct IndexPage: Encodable {
  struct Collection: Encodable {
    let name: String
    let address: String
    let about: String?
    let counts: String
    let failed: String?
    let hasFigures: Bool
    let figures: [TileView]
    let covers: [String]
  }

  let frame: PageFrame
  let totals: [TileView]
  let hasCollections: Bool
  let collections: [Collection]
  let queue: QueueView?

  init(frame: PageFrame, entries: [CollectionEntry], queue: QueueSnapshot?) {
    self.frame = frame
    let failed = entries.reduce(0) { $0 + $1.failed }
    totals = [
      TileView(label: "Collections", value: "\(entries.count)", detail: nil),
      TileView(label: "Clips", value: "\(entries.reduce(0) { $0 + $1.clips })", detail: nil),
      TileView(label: "Done", value: "\(entries.reduce(0) { $0 + $1.done })", detail: nil),
      TileView(label: "Failed", value: "\(failed)", detail: nil),
    ]
    hasCollections = !entries.isEmpty
    collections = entries.map { entry in
      let figures = entry.metrics.map { Self.headline($0) } ?? []
      return Collection(
        name: entry.name, address: entry.href, about: entry.summary.map(MarkdownText.html),
        counts: "\(DisplayText.count(entry.clips, "clip")), \(entry.done) done"
          + (entry.waiting > 0 ? ", \(entry.waiting) waiting" : ""),
        failed: entry.failed > 0 ? "\(entry.failed) failed" : nil,
        hasFigures: !figures.isEmpty,
        figures: figures, covers: entry.covers)
    }
    self.queue = queue.map(QueueView.init)
  }

  /// The figures by which a collection is known.
  private static func headline(_ metrics: MetricSet) -> [TileView] {
    let names = ["mIoU", "F-score", MetricTiles.meteor(in: metrics)].compactMap(\.self)
    return names.compactMap { name in
      metrics.values[name].map {
        TileView(
          label: name, value: DisplayText.fixed($0.value, 3), detail: MetricTiles.interval($0))
      }
    }
  }
}

/// What the first page and its JSON twin say of a collection.
struct CollectionEntry: Codable {
  let name: String
  let summary: String?
  let href: String
  let clips: Int
  let done: Int
  let failed: Int
  let waiting: Int
  let metrics: MetricSet?
  /// When its last clip was done or given up; nil when that is not known.
  let finishedAt: Date?
  /// Small pictures, from the site's folder.
  let covers: [String]

  private enum CodingKeys: String, CodingKey {
    case name, summary, href, clips, done, failed, waiting, metrics, covers
    case finishedAt = "finished_at"
  }
}

extension CollectionEntry {
  /// Sums a collection up.
  ///
  /// - Parameters:
  ///   - collection: The collection.
  ///   - tally: What its clips add up to.
  ///   - path: Its folder, from the site's.
  init(_ collection: CollectionSnapshot, _ tally: CollectionTally, path: String) {
    self.init(
      name: collection.name, summary: collection.summary, href: path + "/index.html",
      clips: tally.rows.count, done: tally.clips(in: "done"), failed: tally.clips(in: "failed"),
      waiting: tally.clips(in: "waiting"), metrics: collection.report?.overall,
      finishedAt: tally.finished.map { Date(timeIntervalSince1970: $0) },
      covers: Array(tally.rows.compactMap(\.thumbnail).prefix(4)))
  }
}
