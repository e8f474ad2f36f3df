package import Annotations
import Evaluation
import Foundation
import Synchronization
package import Jobs
import Media
package import ReportSite
package import ResultStore

/// What a site shows, read from the database.
///
/// Made inside a `.snapshot` transaction, everything but the jobs is of one moment.
package struct SiteRecords: ClipReportSource {
  private let results: Results
  private let queue: any JobQueue
  private let model: String?
  private let models: [String]
  private let figures = ClipMetricsShelf()
  private let paths = PlainPaths()

  /// What the site shows apart from the clips' own records.
  package let snapshot: SiteSnapshot

  /// Reads what all pages share.
  ///
  /// - Parameters:
  ///   - results: Clips, predictions and scores.
  ///   - queue: The jobs.
  ///   - selection: Which collections and model.
  ///   - software: Name and version of the program.
  /// - Throws: ``WorkerError/noSuchCollection(name:known:)``; errors of the database.
  package init(
    from results: Results, queue: any JobQueue, selection: SiteSelection, software: String
  ) async throws {
    self.results = results
    self.queue = queue
    model = selection.model
    models = selection.models
    let wanted = try selection.choose(from: try await results.collectionNames())
    var collections: [CollectionSnapshot] = []
    for name in wanted {
      collections.append(
        try await Self.collection(name, results, queue, selection, software, figures))
    }
    snapshot = SiteSnapshot(
      title: selection.title, generatedAt: Date(), softwareVersion: software,
      collections: collections, queue: try await QueueSurvey(queue: queue).snapshot())
  }

  /// Everything that the pages of some clips show.
  package func reports(
    of clips: [ClipID], in collection: String
  ) async throws -> [ClipReport] {
    let records = try await results.records(of: clips, in: collection, model: model)
    let jobs = try await InferenceJobs(
      of: records.filter { $0.prediction == nil }.map(\.summary), models: models, in: queue)
    let shown = records.map { $0.origin?.job ?? jobs.latest(of: $0.summary)?.id }
    let details = Dictionary(
      try await queue.show(shown.compactMap(\.self)).map { ($0.job.id, $0) },
      uniquingKeysWith: { first, _ in first })
    var reports = try zip(records, shown).map { record, job in
      try report(of: record, job.flatMap { details[$0] }, in: collection)
    }
    for run in figures.runs(of: collection).reversed() {
      let others = try await results.records(of: clips, in: collection, model: run.model.sha256)
      for (place, other) in others.enumerated() {
        guard let prediction = other.prediction, let shown = reports[place].prediction,
          prediction.model.sha256 != shown.model.sha256
        else { continue }
        reports[place].otherRuns =
          (reports[place].otherRuns ?? []) + [
            ClipReport.Run(
              prediction: prediction, score: try Self.score(of: other),
              metrics: run.report.byClip[clips[place].text])
          ]
      }
    }
    return reports
  }

  private static func score(of record: ClipRecord) throws -> ClipScore? {
    try record.score.map { try ClipScore(document: $0) }
  }

  private func report(
    of record: ClipRecord, _ job: JobDetails?, in collection: String
  ) throws -> ClipReport {
    let clip = record.summary.id
    return ClipReport(
      id: clip, collection: collection, location: try path(record.summary.location),
      web: Self.web(record.summary.location),
      state: Self.state(of: record, job), prediction: record.prediction, truth: record.truth,
      score: try Self.score(of: record),
      metrics: figures.figures(of: clip, in: collection), job: job.map { Self.job($0, record) })
  }

  // MARK: Clips

  /// A collection; its figures are only computed when the site turns out to need them.
  private static func collection(
    _ name: String, _ results: Results, _ queue: any JobQueue, _ selection: SiteSelection,
    _ software: String, _ figures: ClipMetricsShelf
  ) async throws -> CollectionSnapshot {
    let model = selection.model
    let clips = try await ClipRevisions(of: name, model: model, results)
    let inputs = try await clips.inputs(models: selection.models, queue)
    let unscored = try await unscored(of: clips.summaries, in: name, queue, model)
    let runs = try await results.scoredModels(in: name)
    let summary = MetricSummary()
    // Nothing else of the clips lives on: there may be a hundred thousand.
    let ids = clips.summaries.map(\.id)
    var collection = CollectionSnapshot(name: name, clips: ids)
    collection.videos = clips.videos
    collection.inputs = ClipRevisions.digest(
      inputs.joined(separator: "\n"),
      unscored.map { "\($0.clip) \($0.reason)" }.joined(separator: "\n"),
      runs.map(Self.text(of:)).joined(separator: "\n"),
      summary.signature.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        .joined(separator: "\n"), model ?? "", software)
    collection.completing = { collection in
      var collection = collection
      let scores = StoredScores(of: name, model: model)
      let report = try await scores.accumulated(from: results, summary: summary)
        .report(unscored: unscored)
      collection.report = report.byClip.isEmpty && report.unscored.isEmpty ? nil : report
      let runs = try await SiteRuns.runs(of: name, collection.report, in: results)
      collection.runs = runs
      figures.keep(report.byClip, runs.count > 1 ? runs : [], of: name)
      // Not so for a site of some of the clips.
      if collection.clips.count == inputs.count {
        let others = runs.count > 1 ? runs.map(\.report.byClip) : []
        collection.revisions = ClipRevisions.revisions(
          of: ids, inputs, figures: [report.byClip] + others)
      }
      return collection
    }
    return collection
  }

  private static func text(of run: ScoredModel) -> String {
    "\(run.model.sha256) \(run.clips) \(run.finishedAt.timeIntervalSinceReferenceDate)"
  }

  private static func unscored(
    of clips: [ClipSummary], in collection: String, _ queue: any JobQueue, _ model: String?
  ) async throws -> [UnscoredClip] {
    let unscored = clips.filter { $0.hasTruth && !$0.hasScore }
    if unscored.isEmpty { return [] }
    let jobs = try await ScoringJobs(of: collection, in: queue, model: model)
    return unscored.map { UnscoredClip(clip: $0.id.text, reason: jobs.reason(of: $0)) }
  }

  /// The path of a video, if it is on this machine.
  private func path(_ location: String) throws -> String? {
    guard let place = MediaLocation(text: location), place.isReadable else { return nil }
    return try paths.path(of: place)
  }

  private static func web(_ location: String) -> ClipReport.Web? {
    guard case .web(let address) = MediaLocation(text: location) else { return nil }
    return ClipReport.Web(address: address.shown, isComplete: address.shown == address.text)
  }

  // MARK: Jobs

  private static func state(of record: ClipRecord, _ job: JobDetails?) -> ClipReport.State {
    if record.prediction != nil { return .done }
    guard let job, job.job.state.isFinal, job.job.state != .done else { return .waiting }
    return .failed(
      reason: naming(record, job)(
        job.job.failure?.message ?? "The job was called off by a person."),
      kind: job.job.state.rawValue, attempts: attempts(record, job))
  }

  /// Gives videos in messages of a job the names that readers may see.
  private static func naming(_ record: ClipRecord, _ job: JobDetails) -> (String) -> String {
    let payload = try? JSONDecoder().decode(
      InferencePayload.self, from: Data(job.job.payload.utf8))
    let places = [record.summary.location, payload?.location].compactMap(\.self)
      .compactMap(MediaLocation.init(text:))
    return { message in places.reduce(message) { $1.named(in: $0) } }
  }

  private static func attempts(
    _ record: ClipRecord, _ job: JobDetails
  ) -> [ReportSite.AttemptRecord] {
    let named = naming(record, job)
    return job.attempts.map { attempt in
      ReportSite.AttemptRecord(
        number: attempt.number, host: attempt.host, startedAt: attempt.startedAt,
        endedAt: attempt.endedAt, error: attempt.message.map(named) ?? attempt.outcome.rawValue)
    }
  }

  private static func job(_ job: JobDetails, _ record: ClipRecord) -> ReportSite.JobRecord {
    let origin = record.origin
    return ReportSite.JobRecord(
      id: "\(job.job.id)", host: origin?.host ?? job.job.host ?? job.attempts.last?.host,
      attempts: job.job.attempts, queuedAt: job.job.createdAt,
      startedAt: job.attempts.last?.startedAt ?? job.job.startedAt,
      finishedAt: job.job.finishedAt,
      tries: job.attempts.count > 1 ? attempts(record, job) : nil)
  }
}

/// Which part of the database a site shows.
package struct SiteSelection: Sendable {
  /// The heading of the site.
  package var title: String

  /// The collections; empty for all.
  package var collections: [String]

  /// SHA-256 of the weights whose results are shown; nil shows each clip's latest.
  package var model: String?

  /// SHA-256 of the weights of all models that jobs may have been queued for.
  package var models: [String]

  /// Chooses.
  package init(title: String, collections: [String], model: String?, models: [String]) {
    self.title = title
    self.collections = collections
    self.model = model
    self.models = models
  }

  fileprivate func choose(from known: [String]) throws -> [String] {
    if collections.isEmpty { return known }
    if let unknown = collections.first(where: { !known.contains($0) }) {
      throw WorkerError.noSuchCollection(name: unknown, known: known)
    }
    return known.filter(collections.contains)
  }
}

/// The figures of collections' clips, and the runs of those that have several, from when they are known.
private final class ClipMetricsShelf: Sendable {
  private let tables = Mutex<[String: (figures: ClipMetrics, runs: [RunSnapshot])]>([:])

  func keep(_ figures: ClipMetrics, _ runs: [RunSnapshot], of collection: String) {
    tables.withLock { $0[collection] = (figures, runs) }
  }

  func figures(of clip: ClipID, in collection: String) -> MetricSet? {
    tables.withLock { $0[collection] }?.figures[clip.text]
  }

  func runs(of collection: String) -> [RunSnapshot] {
    tables.withLock { $0[collection] }?.runs ?? []
  }
}
