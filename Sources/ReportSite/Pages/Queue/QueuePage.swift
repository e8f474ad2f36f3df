import Foundation

/// The page of the queue: how far the work is, how fast it goes, and what went wrong.
struct QueuePage: Encodable {
  struct Rate: Encodable {
    let window: String
    let done: Int
    let failed: Int
    let perHour: String
  }

  struct Kind: Encodable {
    let name: String
    let jobs: Int
    let bar: String
    let example: String
  }

  struct Host: Encodable {
    let name: String
    let workers: Int
    let runningJobs: Int
    let silence: String
    let failures: Int
  }

  struct Failure: Encodable {
    let job: String
    let work: String
    let collection: String
    let clip: String?
    /// The clip's page; nil when the site has none.
    let page: String?
    let kind: String
    let reason: String
    let attempts: Int
    let host: String
    let at: MomentView?
  }

  /// Without a queue, only the frame is shown.
  struct Content: Encodable {
    let queue: QueueView
    let remaining: TileView
    let hasRates: Bool
    let rates: [Rate]
    let kinds: [Kind]
    let hasHosts: Bool
    let hosts: [Host]
    let hasFailures: Bool
    let failures: [Failure]
    let shown: String
  }

  let frame: PageFrame
  let snapshot: Content?

  /// - Parameters:
  ///   - frame: What is around it.
  ///   - queue: The queue; nil for a site without one.
  ///   - page: The page of a clip of a collection; nil when the site has none.
  init(
    frame: PageFrame, queue: QueueSnapshot?, page: (_ collection: String, _ clip: String) -> String?
  ) {
    self.frame = frame
    snapshot = queue.map { Self.content($0, page) }
  }

  private static func content(
    _ queue: QueueSnapshot, _ page: (_ collection: String, _ clip: String) -> String?
  ) -> Content {
    let shown = queue.failures.count
    let failed = max(queue.failed, shown)
    return Content(
      queue: QueueView(queue), remaining: remaining(queue),
      hasRates: !queue.throughput.isEmpty,
      rates: queue.throughput.map { rate in
        Rate(
          window: DisplayText.span(rate.seconds), done: rate.done, failed: rate.failed,
          perHour: DisplayText.fixed(3600 * Double(rate.done) / max(1, rate.seconds), 0))
      },
      kinds: kinds(queue), hasHosts: !queue.workers.isEmpty, hosts: hosts(queue),
      hasFailures: failed > 0,
      failures: queue.failures.map { failure in
        Failure(
          job: failure.job, work: failure.work, collection: failure.collection,
          clip: failure.clip, page: failure.clip.flatMap { page(failure.collection, $0) },
          kind: failure.kind, reason: failure.reason, attempts: failure.attempts,
          host: failure.host ?? "–", at: failure.at.map(MomentView.init))
      },
      shown: shown < failed
        ? "The latest \(shown) of \(failed) failures." : DisplayText.count(failed, "failure") + ".")
  }

  /// How long the rest takes at the pace of the longest stretch in which anything was done.
  private static func remaining(_ queue: QueueSnapshot) -> TileView {
    let open = queue.counts.filter { ["waiting", "running"].contains($0.state) }
      .reduce(0) { $0 + $1.jobs }
    let paces = queue.throughput.filter { $0.done > 0 && $0.seconds > 0 }
      .map { Double($0.done) / $0.seconds }
    guard open > 0 else { return TileView(label: "Time left", value: "none", detail: "all done") }
    guard let slow = paces.min(), let fast = paces.max() else {
      return TileView(
        label: "Time left", value: "unknown", detail: "nothing was finished in the last hour")
    }
    let times = [Double(open) / fast, Double(open) / slow].map { DisplayText.duration($0) }
    return TileView(
      label: "Time left", value: times[0] == times[1] ? times[0] : "\(times[0]) to \(times[1])",
      detail: "at the recent pace")
  }

  private static func kinds(_ queue: QueueSnapshot) -> [Kind] {
    let groups = Dictionary(grouping: queue.failures, by: \.kind)
      .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let most = Double(groups.first?.value.count ?? 1)
    return groups.map { name, failures in
      Kind(
        name: name, jobs: failures.count,
        bar: Charts.bar(Double(failures.count) / most, interval: nil),
        example: failures[0].reason)
    }
  }

  private static func hosts(_ queue: QueueSnapshot) -> [Host] {
    let workers = Dictionary(grouping: queue.workers) { host(of: $0.name) }
    let failures = Dictionary(grouping: queue.failures) { $0.host ?? "" }
    return workers.keys.sorted().map { name in
      let own = workers[name] ?? []
      let last = own.map(\.lastSeen).max()
      return Host(
        name: name, workers: own.count, runningJobs: own.reduce(0) { $0 + $1.runningJobs },
        silence: DisplayText.duration(last.map { queue.takenAt.timeIntervalSince($0) }),
        failures: failures[name]?.count ?? 0)
    }
  }

  private static func host(of worker: String) -> String {
    worker.split(separator: "/").first.map(String.init) ?? worker
  }
}
