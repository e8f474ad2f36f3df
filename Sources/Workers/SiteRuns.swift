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
      return [
        RunSnapshot(
          model: models[0].model, clips: models[0].clips, report: figures,
          finishedAt: models[0].finishedAt)
      ]
    }
    var runs: [RunSnapshot] = []
    for scored in models.suffix(most) {
      runs.append(
        RunSnapshot(
          model: scored.model, clips: scored.clips,
          report: try await StoredScores(of: collection, model: scored.model.sha256)
            .accumulated(from: results, summary: MetricSummary()).report(),
          finishedAt: scored.finishedAt))
    }
    return runs
  }
}
