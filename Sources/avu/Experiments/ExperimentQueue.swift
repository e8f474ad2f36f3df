import Annotations
import Evaluation
import Experiments
import JobsPostgres
import Postgres
import ResultStore
import Workers

/// Has the work of installed models done by whatever workers there are, through the database.
struct ExperimentQueue {
  let session: DatabaseSession

  /// Queues what is missing, and sums up what is done.
  ///
  /// The data set becomes a collection of its name: clips and truth are registered as
  /// `avu submit --truth` does it, so nothing is queued twice.
  ///
  /// - Parameters:
  ///   - entry: The model.
  ///   - dataSet: The clips.
  ///   - summary: How to sum up.
  /// - Returns: The figures of what is scored; what is not yet is listed.
  /// - Throws: An error that names the data set; errors of the database.
  func report(
    of entry: ModelLibrary.Entry, on dataSet: ExperimentDataSet, summary: MetricSummary
  ) async throws -> MetricReport {
    let clips = try await submit(dataSet, entry)
    let queue = session.queue
    return try await session.pool.withConnection { connection in
      try await StoredScores(of: dataSet.name, model: entry.sha256, clips: clips).report(
        from: Results(on: connection), queue: queue, summary: summary)
    }
  }

  private func submit(
    _ dataSet: ExperimentDataSet, _ entry: ModelLibrary.Entry
  ) async throws -> Set<String> {
    let wanted = try dataSet.split.map {
      try DatasetFolder(path: dataSet.path).clips(inSplit: $0)
    }
    let found = try VideoDiscovery([Array(dataSet.path.utf8)]).found.filter {
      wanted?.contains($0.clip.text) ?? true
    }
    let truths = try SubmittedTruth(folder: dataSet.path, for: Set(found.map(\.clip)))
    let digests = await FileHashing.digests(of: found.map(\.location)) { _ in }
    let videos = zip(found, digests).compactMap { found, digest in
      (try? digest.get()).map { Submission.Video(found: found, digest: $0) }
    }
    let known = Set(videos.map(\.found.clip))
    let queue = session.queue
    let submission = Submission(pool: session.pool) { jobs, transaction in
      try await queue.enqueue(jobs, in: transaction)
    }
    _ = try await submission.submit(
      videos, truths: truths.truths.filter { known.contains($0.id) }, to: dataSet.name,
      model: entry)
    return Set(truths.truths.map(\.id.text))
  }
}
