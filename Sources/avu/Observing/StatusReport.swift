import Foundation
import Jobs
import ResultStore
import Workers

/// What `avu status` says.
struct StatusReport: Encodable {
  struct Collection: Encodable {
    let name: String
    var clips = 0
    var predicted = 0
    var withTruth = 0
    var scored = 0
    var jobs: [String: Int] = [:]
    /// Those of the waiting ones whose kind, or everything, is paused.
    var paused = 0
    /// Clips without a prediction whose video was queued before: for another collection, or for a
    /// clip with the same video.
    var queuedElsewhere = 0
    /// What became of those jobs, as far as they are not done.
    var elsewhere: [Elsewhere] = []
    var pace = Pace()
    var secondsLeft: Double?
  }

  /// Jobs of another collection that clips of this one depend on.
  struct Elsewhere: Encodable {
    let collection: String
    let state: String
    let clips: Int
    /// One of the jobs.
    let job: Int64
  }

  struct Worker: Encodable {
    let host: String
    let process: Int32
    let jobs: Int
    let startedAt: Date
    let silentSeconds: Double
  }

  private(set) var collections: [Collection]
  private(set) var secondsLeft: Double?
  private(set) var jobsPerSecond: Double?
  let workers: [Worker]
  let pauses: [PauseDocument]
  /// Jobs that are about no clip, such as pruning, by state.
  let upkeep: [String: Int]

  init(
    summaries: [CollectionSummary], counts: [JobCount], workers: [WorkerRecord],
    pauses: [Pause]
  ) {
    func isUpkeep(_ count: JobCount) -> Bool { WorkKind(rawValue: count.kind)?.isUpkeep ?? false }
    upkeep = counts.filter(isUpkeep).reduce(into: [:]) {
      $0[$1.state.rawValue, default: 0] += $1.count
    }

    var collections: [String: Collection] = [:]
    for summary in summaries {
      collections[summary.name] = Collection(
        name: summary.name, clips: summary.clips, predicted: summary.predicted,
        withTruth: summary.withTruth, scored: summary.scored)
    }
    let counts = Dictionary(grouping: counts.filter { !isUpkeep($0) }, by: \.group)
    for group in Set(counts.keys).union(collections.keys) {
      collections[group, default: Collection(name: group)].take(counts[group] ?? [], pauses)
    }
    self.collections = collections.values.sorted { $0.name < $1.name }
    self.workers = workers.map { worker in
      Worker(
        host: worker.identity.host, process: worker.identity.process, jobs: worker.running,
        startedAt: worker.startedAt, silentSeconds: worker.silentSeconds)
    }
    self.pauses = pauses.map { PauseDocument($0) }
    estimate()
  }

  /// Only one collection, or nil when there is none of this name.
  func narrowed(to name: String) -> StatusReport? {
    var report = self
    report.collections = collections.filter { $0.name == name }
    report.estimate()
    return report.collections.isEmpty ? nil : report
  }

  /// Collections with clips that depend on jobs of others.
  var dependent: [String] { collections.filter { $0.queuedElsewhere > 0 }.map(\.name) }

  /// Says what those jobs are.
  mutating func add(_ shared: [SharedJobs]) {
    for index in collections.indices {
      let others = shared.filter { $0.collection == collections[index].name }
      collections[index].elsewhere = others.map {
        Elsewhere(collection: $0.group, state: $0.state.rawValue, clips: $0.clips, job: $0.job)
      }
    }
  }

  private mutating func estimate() {
    let pace = collections.reduce(Pace()) { $0.joined($1.pace) }
    jobsPerSecond = pace.jobsPerSecond
    secondsLeft = pace.secondsLeft
  }

  private enum CodingKeys: String, CodingKey {
    case collections, workers, pauses, upkeep
    case secondsLeft = "seconds_left"
    case jobsPerSecond = "jobs_per_second"
  }
}

/// How fast jobs come to an end, and how many are left.
struct Pace {
  private var left = 0
  private var finished = 0
  private var seconds = 0.0

  /// Nothing left, nothing done.
  init() {}

  /// - Parameters:
  ///   - counts: Jobs of one collection.
  ///   - paused: How many of the waiting ones are paused: nobody knows when those are done.
  init(_ counts: [JobCount], paused: Int) {
    left = counts.filter { !$0.state.isFinal }.reduce(0) { $0 + $1.count } - paused
    // Called-off jobs took nobody's time.
    let ended = counts.filter { $0.state.isFinal && $0.state != .cancelled }
    finished = ended.reduce(0) { $0 + $1.finishedLately }
    seconds = ended.map(\.latelySeconds).max() ?? 0
  }

  /// Nil when too little was finished to tell.
  var jobsPerSecond: Double? { finished > 1 && seconds > 0 ? Double(finished - 1) / seconds : nil }

  /// Nil when nothing is left, or when it cannot be told.
  var secondsLeft: Double? { left > 0 ? jobsPerSecond.map { Double(left) / $0 } : nil }

  /// The pace of both together.
  func joined(_ other: Pace) -> Pace {
    var both = self
    both.left += other.left
    both.finished += other.finished
    both.seconds = max(seconds, other.seconds)
    return both
  }
}

extension StatusReport.Collection {
  fileprivate mutating func take(_ counts: [JobCount], _ pauses: [Pause]) {
    jobs = counts.reduce(into: [:]) { $0[$1.state.rawValue, default: 0] += $1.count }
    paused = counts.filter { count in
      count.state == .waiting
        && pauses.contains { $0.scope.contains(kind: count.kind, group: count.group) }
    }.reduce(0) { $0 + $1.count }
    let unpredicted = counts.filter { $0.kind == WorkKind.infer.rawValue && $0.state != .done }
    queuedElsewhere = max(0, clips - predicted - unpredicted.reduce(0) { $0 + $1.count })
    pace = Pace(counts, paused: paused)
    secondsLeft = pace.secondsLeft
  }

  /// How long it takes, for people.
  fileprivate var left: String {
    secondsLeft.map { ProgressLine.text(seconds: $0) } ?? (paused > 0 ? "paused" : "")
  }

  enum CodingKeys: String, CodingKey {
    case name, clips, predicted, scored, jobs, paused, elsewhere
    case withTruth = "with_truth"
    case queuedElsewhere = "queued_elsewhere"
    case secondsLeft = "seconds_left"
  }
}

extension StatusReport.Worker {
  enum CodingKeys: String, CodingKey {
    case host, process, jobs
    case startedAt = "started_at"
    case silentSeconds = "silent_seconds"
  }
}

// As text.
extension StatusReport {
  func print() {
    if collections.isEmpty {
      Console.print("Nothing was submitted yet; avu submit videos/ --collection NAME does it.")
    } else {
      printCollections()
    }
    printQueuedElsewhere()
    printUpkeep()
    printPauses()
    printPace()
    printWorkers()
  }

  private func printCollections() {
    let states = JobState.allCases.filter { state in
      [.waiting, .running, .done].contains(state)
        || collections.contains { $0.jobs[state.rawValue] ?? 0 > 0 }
    }
    let header = ["COLLECTION", "CLIPS", "PREDICTED", "TRUTH", "SCORED"]
    Console.print(
      table: header + states.map { $0.rawValue.uppercased() } + ["LEFT"],
      rows: collections.map { collection in
        let clips = [
          collection.clips, collection.predicted, collection.withTruth, collection.scored,
        ]
        let jobs = states.map { collection.jobs[$0.rawValue] ?? 0 }
        return [collection.name.printable] + (clips + jobs).map(String.init)
          + [collection.left]
      })
  }

  private func printQueuedElsewhere() {
    for collection in collections {
      for other in collection.elsewhere {
        let whose =
          other.collection == collection.name
          ? "a clip with the same video" : "the collection \(other.collection.printable)"
        let clips = "\(collection.name.printable): \(counted(other.clips, "clip"))"
        if JobState(rawValue: other.state)?.isFinal ?? false {
          Console.print(
            "\(clips) without a prediction: what was queued for \(whose) ended as \(other.state); "
              + "avu jobs show \(other.job) says why, avu jobs retry \(other.job) tries again.")
        } else {
          Console.print("\(clips) waiting for what was queued for \(whose).")
        }
      }
    }
  }

  private func printUpkeep() {
    let parts = JobState.allCases.compactMap { state in
      upkeep[state.rawValue].map { "\($0) \(state.rawValue)" }
    }
    if !parts.isEmpty {
      Console.print("Upkeep (pruning, sites): \(parts.joined(separator: ", ")).")
    }
  }

  private func printPauses() {
    for pause in pauses {
      let scope = JobScope(kind: pause.kind, group: pause.collection)
      let what = scope.subject(or: "Everything is", then: "are")
      Console.print("\(what) paused; avu queue resume\(scope.options) goes on.")
    }
  }

  private func printPace() {
    guard let jobsPerSecond, let secondsLeft else { return }
    let rate =
      jobsPerSecond >= 1
      ? String(format: "%.1f jobs a second", jobsPerSecond)
      : String(format: "%.1f jobs a minute", jobsPerSecond * 60)
    Console.print("\n\(rate) lately, about \(ProgressLine.text(seconds: secondsLeft)) left.")
  }

  private func printWorkers() {
    Console.print("")
    if workers.isEmpty {
      let waits = collections.contains { $0.jobs[JobState.waiting.rawValue] ?? 0 > 0 }
      Console.print(waits ? "No worker is at work; avu work starts one." : "No worker is at work.")
      return
    }
    Console.print(
      table: ["WORKER", "PROCESS", "JOBS", "HEARD"],
      rows: workers.map { worker in
        [
          worker.host.printable, "\(worker.process)", "\(worker.jobs)",
          "\(ProgressLine.text(seconds: worker.silentSeconds)) ago",
        ]
      })
  }
}
