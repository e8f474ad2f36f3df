import Foundation
import Jobs
import ReportSite

/// The queue as a site shows it.
struct QueueSurvey {
  let queue: any JobQueue

  /// The stretches over which pace is measured, in seconds.
  private static let windows: [Double] = [60, 600, 3600]

  /// Failures that a page shows.
  private static let shown = 200

  /// Looks at the queue.
  func snapshot() async throws -> QueueSnapshot {
    let counts = try await queue.counts(finishedWithin: .seconds(3600))
    let oldest = try await queue.list(JobFilter(states: [.waiting]), limit: 1, offset: 0)
    let now = Date()
    var snapshot = QueueSnapshot(
      takenAt: now,
      counts: JobState.allCases.map { state in
        QueueSnapshot.Count(state: state.rawValue, jobs: Self.jobs(counts, in: state, \.count))
      },
      oldestWaitingSince: oldest.jobs.first?.createdAt,
      finishedLastHour: Self.jobs(counts, in: .done, \.finishedLately),
      workers: try await queue.workers().map { worker in
        QueueSnapshot.Worker(
          name: "\(worker.identity.host)/\(worker.identity.process)",
          lastSeen: now.addingTimeInterval(-worker.silentSeconds), runningJobs: worker.running)
      })
    for window in Self.windows {
      let counts = try await queue.counts(finishedWithin: .seconds(window))
      snapshot.throughput.append(
        QueueSnapshot.Throughput(
          seconds: window, done: Self.jobs(counts, in: .done, \.finishedLately),
          failed: Self.jobs(counts, in: .failed, \.finishedLately)
            + Self.jobs(counts, in: .quarantined, \.finishedLately)))
    }
    try await addFailures(to: &snapshot)
    return snapshot
  }

  private func addFailures(to snapshot: inout QueueSnapshot) async throws {
    let filter = JobFilter(states: [.failed, .quarantined])
    let total = try await queue.list(filter, limit: 1, offset: 0).total
    let page = try await queue.list(
      filter, limit: Self.shown, offset: max(0, total - Self.shown))
    // A job that has ended is on no machine; its last attempt was.
    let details = Dictionary(
      try await queue.show(page.jobs.map(\.id)).map { ($0.job.id, $0) },
      uniquingKeysWith: { first, _ in first })
    snapshot.failed = total
    snapshot.failures = page.jobs.map { Self.failure($0, details[$0.id]?.attempts.last?.host) }
      .sorted { ($1.at ?? .distantPast, $0.job) < ($0.at ?? .distantPast, $1.job) }
  }

  /// Which clip a job is about; jobs about something else have none.
  private struct Subject: Decodable {
    let clip: String?
  }

  private static func failure(
    _ job: Jobs.JobRecord, _ lastHost: String?
  ) -> QueueSnapshot.Failure {
    // Folders of the machines that worked are nobody's business.
    let payload = try? JSONDecoder().decode(InferencePayload.self, from: Data(job.payload.utf8))
    let place = payload.flatMap { MediaLocation(text: $0.location) }
    let said = job.failure?.message ?? "No reason was given."
    let message = (place?.named(in: said) ?? said)
      .replacing(/(?:\/[^\s\/“”"']+)+\/([^\s\/“”"']+)/) { String($0.output.1) }
    let subject = try? JSONDecoder().decode(Subject.self, from: Data(job.payload.utf8))
    return QueueSnapshot.Failure(
      job: "\(job.id)", work: job.kind, collection: job.group, clip: subject?.clip,
      kind: job.failure?.kind.rawValue ?? job.state.rawValue,
      reason: message, attempts: job.attempts,
      host: job.host ?? lastHost, at: job.finishedAt)
  }

  private static func jobs(
    _ counts: [JobCount], in state: JobState, _ number: (JobCount) -> Int
  ) -> Int {
    counts.filter { $0.state == state }.reduce(0) { $0 + number($1) }
  }
}
