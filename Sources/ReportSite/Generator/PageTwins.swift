import Evaluation
import Foundation

/// The JSON twin of the first page, and the mark by which a folder is known as a site.
struct SiteDocument: Encodable {
  let format = 1
  let title: String
  let generatedAt: Date
  let software: String
  let collections: [CollectionEntry]
  let queue: QueueSnapshot?

  private enum CodingKeys: String, CodingKey {
    case format, title, software, collections, queue
    case generatedAt = "generated_at"
  }
}

/// The JSON twin of a collection's page, with the clips that it lists; further parts of the list
/// have twins of their own, so that no document grows with the collection.
struct CollectionDocument: Encodable {
  let format = 1
  let name: String
  /// The figures, without those of single clips.
  let report: MetricReport?
  /// Clips in all parts.
  let count: Int
  let clips: [ClipRow]
  /// The documents with the other clips, in order.
  let parts: [String]

  private enum CodingKeys: String, CodingKey { case format, name, report, count, clips, parts }
}

/// The JSON twin of a further part of a collection's list.
struct ListDocument: Encodable {
  let format = 1
  let name: String
  let clips: [ClipRow]

  private enum CodingKeys: String, CodingKey { case format, name, clips }
}
