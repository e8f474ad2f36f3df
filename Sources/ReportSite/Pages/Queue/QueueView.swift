import Foundation

/// The queue as pages show it.
struct QueueView: Encodable {
  struct Worker: Encodable {
    let name: String
    let lastSeen: MomentView
    let silence: String
    let runningJobs: Int
  }

  let taken: MomentView
  let counts: [TileView]
  let facts: [FactView]
  let hasWorkers: Bool
  let workers: [Worker]

  init(_ queue: QueueSnapshot) {
    taken = MomentView(queue.takenAt)
    counts = queue.counts.map { count in
      let name = count.state.prefix(1).uppercased() + count.state.dropFirst()
      return TileView(label: name, value: "\(count.jobs)", detail: nil)
    }
    var facts: [FactView] = []
    if let since = queue.oldestWaitingSince {
      let wait = DisplayText.duration(queue.takenAt.timeIntervalSince(since))
      facts.append(FactView(label: "Longest wait", value: wait))
    }
    if let finished = queue.finishedLastHour {
      facts.append(FactView(label: "Finished in the last hour", value: "\(finished)"))
    }
    self.facts = facts
    workers = queue.workers.map { worker in
      Worker(
        name: worker.name, lastSeen: MomentView(worker.lastSeen),
        silence: DisplayText.duration(queue.takenAt.timeIntervalSince(worker.lastSeen)),
        runningJobs: worker.runningJobs)
    }
    hasWorkers = !workers.isEmpty
  }
}
