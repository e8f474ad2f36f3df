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

/// The JSON twin of a collection's page.
struct CollectionDocument: Encodable {
  let format = 1
  let name: String
  let report: MetricReport?
  let clips: [ClipRow]

  private enum CodingKeys: String, CodingKey { case format, name, report, clips }
}
