import Annotations
import Evaluation
import Foundation
import ReportSite
import ResultStore

/// The runs of a collection that a site compares: one for each model that was scored on it.
enum SiteRuns {
  /// How many of the latest runs are compared.
  private static let most = 6

  /// Reads the runs.
  ///
  /// - Parameters:
  ///   - collection: The collection's name.
  ///   - figures: The collection's figures, which are those of the run when there is one.
  ///   - results: The database.
  /// - Returns: The runs, the oldest first.
  /// - Throws: Errors of the database.
  static func runs(
    of collection: String, _ figures: MetricReport?, in results: Results
  ) async throws -> [RunSnapshot] {
    let models = try await results.scoredModels(in: collection)
    if models.count == 1, let figures {
      return [RunSnapshot(model: models[0].model, clips: models[0].clips, report: figures)]
    }
    var runs: [RunSnapshot] = []
    for scored in models.suffix(most) {
      runs.append(
        RunSnapshot(
          model: scored.model, clips: scored.clips,
          report: try await report(on: collection, model: scored.model.sha256, results),
          finishedAt: scored.finishedAt))
    }
    return runs
  }

  private static func report(
    on collection: String, model: String, _ results: Results
  ) async throws -> MetricReport {
    var scores: [ClipScore] = []
    var last: ClipID?
    while true {
      let page = try await results.scores(in: collection, after: last, model: model)
      if page.isEmpty { return MetricSummary().report(of: scores) }
      scores += try page.map { try JSONDecoder().decode(ClipScore.self, from: Data($0.score.utf8)) }
      last = page.last?.clip
    }
  }
}
