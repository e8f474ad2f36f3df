package import Evaluation
import Annotations
package import Jobs
package import ResultStore

/// The scores of a model on some clips of a collection, as the database has them.
package struct StoredScores: Sendable {
  private let collection: String
  private let model: String?
  private let clips: Set<String>?

  /// Names scores.
  ///
  /// - Parameters:
  ///   - collection: The collection.
  ///   - model: SHA-256 of the weights whose predictions were scored; nil takes each clip's latest.
  ///   - clips: The clips that take part; nil takes all.
  package init(of collection: String, model: String?, clips: Set<String>? = nil) {
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
    try await accumulated(from: results, summary: summary)
      .report(unscored: try await unscored(results, queue))
  }

  /// Reads the scores, a page at a time, so that they never lie in memory together.
  func accumulated(
    from results: Results, summary: MetricSummary
  ) async throws -> MetricAccumulator {
    var figures = MetricAccumulator(summary: summary)
    var page = try await results.scores(in: collection, model: model)
    while !page.isEmpty {
      // The server looks for the next page while this one is being read.
      let last = page.last?.clip
      async let next = results.scores(in: collection, after: last, model: model)
      let texts = page.filter { clips?.contains($0.clip.text) ?? true }.map(\.score)
      for score in try await Self.decoded(texts) { figures.add(score) }
      page = try await next
    }
    return figures
  }

  /// Reads documents on several threads.
  private static func decoded(_ texts: [String]) async throws -> [ClipScore] {
    try await withThrowingTaskGroup(of: (Int, [ClipScore]).self) { group in
      let size = 100
      for first in stride(from: 0, to: texts.count, by: size) {
        let part = texts[first..<min(texts.count, first + size)]
        group.addTask { (first, try part.map { try ClipScore(document: $0) }) }
      }
      var parts: [(Int, [ClipScore])] = []
      for try await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  private func unscored(
    _ results: Results, _ queue: any JobQueue
  ) async throws -> [UnscoredClip] {
    var unscored: [ClipSummary] = []
    var last: ClipID?
    while true {
      let page = try await results.clips(in: collection, after: last, model: model)
      if page.isEmpty { break }
      unscored += page.filter {
        (clips?.contains($0.id.text) ?? true) && $0.hasTruth && !$0.hasScore
      }
      last = page.last?.id
    }
    if unscored.isEmpty { return [] }
    let jobs = try await ScoringJobs(of: collection, in: queue, model: model)
    return unscored.map { UnscoredClip(clip: $0.id.text, reason: jobs.reason(of: $0)) }
  }
}
