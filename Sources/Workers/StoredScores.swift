package import Evaluation
import Annotations
import Foundation
package import Jobs
package import ResultStore

/// The scores of a model on some clips of a collection, as the database has them.
package struct StoredScores: Sendable {
  private let collection: String
  private let model: String
  private let clips: Set<String>

  /// Names scores.
  ///
  /// - Parameters:
  ///   - collection: The collection.
  ///   - model: SHA-256 of the weights whose predictions were scored.
  ///   - clips: The clips that take part.
  package init(of collection: String, model: String, clips: Set<String>) {
    self.collection = collection
    self.model = model
    self.clips = clips
  }

  /// Sums the scores up; a clip without one is listed with what became of its job.
  ///
  /// - Parameters:
  ///   - results: The scores.
  ///   - queue: The jobs.
  ///   - summary: How to sum up.
  /// - Returns: The report.
  /// - Throws: Errors of the database.
  package func report(
    from results: Results, queue: any JobQueue, summary: MetricSummary
  ) async throws -> MetricReport {
    var figures = MetricAccumulator(summary: summary)
    var last: ClipID?
    while true {
      let page = try await results.scores(in: collection, after: last, model: model)
      if page.isEmpty { break }
      for entry in page where clips.contains(entry.clip.text) {
        figures.add(try JSONDecoder().decode(ClipScore.self, from: Data(entry.score.utf8)))
      }
      last = page.last?.clip
    }
    return figures.report(unscored: try await unscored(results, queue))
  }

  private func unscored(
    _ results: Results, _ queue: any JobQueue
  ) async throws -> [UnscoredClip] {
    var unscored: [ClipSummary] = []
    var last: ClipID?
    while true {
      let page = try await results.clips(in: collection, after: last, model: model)
      if page.isEmpty { break }
      unscored += page.filter { clips.contains($0.id.text) && $0.hasTruth && !$0.hasScore }
      last = page.last?.id
    }
    if unscored.isEmpty { return [] }
    let jobs = try await ScoringJobs(of: collection, in: queue, model: model)
    return unscored.map { UnscoredClip(clip: $0.id.text, reason: jobs.reason(of: $0)) }
  }
}
