import Annotations
import Evaluation
import Experiments
import Foundation

/// The JSON twin of the page of results.
struct ResultsDocument: Encodable {
  struct Run: Encodable {
    let collection: String
    let model: String
    let sha256: String
    let clips: Int
    let finishedAt: Date?
    let figures: MetricSet
    let signature: [String: String]

    private enum CodingKeys: String, CodingKey {
      case collection, model, sha256, clips, figures, signature
      case finishedAt = "finished_at"
    }
  }

  let format = 1
  let runs: [Run]
  let tables: [ResultTable]

  init(_ snapshot: SiteSnapshot, _ collections: [CollectionSnapshot]) {
    runs = collections.flatMap { collection in
      collection.shownRuns.map { run in
        Run(
          collection: collection.name, model: run.model.name, sha256: run.model.sha256,
          clips: run.clips, finishedAt: run.finishedAt, figures: run.report.overall,
          signature: run.report.signature)
      }
    }
    tables = snapshot.tables
  }

  private enum CodingKeys: String, CodingKey { case format, runs, tables }
}
