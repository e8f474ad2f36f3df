import Foundation
import Jobs

/// What a monitoring system wants to know of the queue.
struct QueueMetrics {
  private let counts: [JobCount]
  private let oldest: JobRecord?
  private let workers: [WorkerRecord]
  private let pauses: [Pause]

  /// Looks at the queue.
  ///
  /// - Throws: Errors of the storage.
  init(of queue: some JobQueue) async throws {
    counts = try await queue.counts(finishedWithin: .seconds(300))
    oldest = try await queue.list(JobFilter(states: [.waiting]), limit: 1, offset: 0).jobs.first
    workers = try await queue.workers()
    pauses = try await queue.pauses()
  }

  /// The figures as Prometheus reads them.
  var text: String {
    var text = PrometheusText()
    text.add(
      gauge: "avu_jobs", "Jobs by collection, kind and state.",
      counts.map { .init(labels: Self.labels(of: $0), value: Double($0.count)) })
    text.add(
      gauge: "avu_jobs_finished_5m", "Jobs that ended in the last five minutes.",
      counts.filter(\.state.isFinal).map {
        .init(labels: Self.labels(of: $0), value: Double($0.finishedLately))
      })
    text.add(
      gauge: "avu_oldest_waiting_timestamp_seconds",
      "When the waiting job with the lowest number was queued, in Unix time.",
      (oldest.map { [$0.createdAt.timeIntervalSince1970] } ?? []).map { .init(value: $0) })
    text.add(
      gauge: "avu_paused",
      "1 for what is paused; an empty kind or collection stands for all.",
      pauses.map {
        .init(
          labels: ["kind": $0.scope.kind ?? "", "collection": $0.scope.group ?? ""], value: 1)
      })
    text.add(
      gauge: "avu_workers", "Workers that were heard of lately.",
      [.init(value: Double(workers.count))])
    text.add(
      gauge: "avu_worker_running_jobs", "Jobs that a worker holds.",
      workers.map { .init(labels: Self.labels(of: $0), value: Double($0.running)) })
    text.add(
      gauge: "avu_worker_silent_seconds", "How long ago a worker was heard of last.",
      workers.map { .init(labels: Self.labels(of: $0), value: $0.silentSeconds) })
    return text.text
  }

  private static func labels(of count: JobCount) -> KeyValuePairs<String, String> {
    ["collection": count.group, "kind": count.kind, "state": count.state.rawValue]
  }

  private static func labels(of worker: WorkerRecord) -> KeyValuePairs<String, String> {
    ["host": worker.identity.host, "process": "\(worker.identity.process)"]
  }
}
