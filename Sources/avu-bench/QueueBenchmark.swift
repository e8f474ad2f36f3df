import Foundation
import Postgres

/// Measures the queues one after the other, round by round.
struct QueueBenchmark {
  let server: QueueServer
  let peers: QueuePeers
  let backlog: Int
  let largest: Int
  let limit: Double
  let runs: Int

  /// What was measured.
  private(set) var rows: [BenchReport.Row] = []

  private static let own = "avu"
  private static let idleSeconds = 60.0
  private static let latencyJobs = 200

  /// Databases with a backlog, for copies.
  private var filled: Set<String> = []

  init(
    server: QueueServer, peers: QueuePeers, backlog: Int, largest: Int, limit: Double, runs: Int
  ) {
    self.server = server
    self.peers = peers
    self.backlog = backlog
    self.largest = largest
    self.limit = limit
    self.runs = runs
  }

  /// Adds the rows of a subject.
  mutating func measure(_ subject: QueueSubject) async throws {
    switch subject {
    case .done: try await measureDone(withSnapshot: false)
    case .snapshot: try await measureDone(withSnapshot: true)
    case .bulk: try await measureBulk()
    case .latency: try await measureLatency()
    case .idle: try await measureIdle()
    case .claim: try await measureClaims()
    }
  }

  /// The figures of one thing, by queue.
  private typealias Figures = [String: [Double]]

  private mutating func add(
    _ name: String, _ unit: String, _ better: String, _ figures: Figures, goal: Double? = nil
  ) {
    guard let ours = figures[Self.own] else { return }
    rows.append(
      BenchReport.Row(
        name: name, unit: unit, better: better, threads: 1, ours: Statistic(ours),
        peers: figures.filter { $0.key != Self.own }.mapValues(Statistic.init), goal: goal))
  }

  private mutating func measureDone(withSnapshot: Bool) async throws {
    var (rates, logs): (Figures, Figures) = ([:], [:])
    for _ in 0..<runs {
      for queue in [Self.own] + peers.names {
        try await prepareBacklog(queue)
        let database = queue + "_work"
        try await server.makeDatabase(database, from: queue + "_filled")
        let found = try await withQueue(queue, on: database, isMade: true) { measured in
          let found = try await rate(of: measured, on: database, withSnapshot: withSnapshot)
          return [found.rate, found.log]
        }
        rates[found.name, default: []].append(found.result[0])
        logs[found.name, default: []].append(found.result[1])
      }
    }
    if withSnapshot {
      add("done with an old snapshot", "jobs/s", "higher", rates, goal: 50_000)
    } else {
      add("done", "jobs/s", "higher", rates, goal: 60_000)
      add("WAL of a job done", "bytes", "lower", logs, goal: 600)
    }
  }

  private func rate(
    of queue: MeasuredQueue, on database: String, withSnapshot: Bool
  ) async throws -> (rate: Double, log: Double) {
    var holder: Connection?
    if withSnapshot {
      holder = try await Connection.connect(to: server.target(database))
      try await holder?.executeScript("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
      // All that this leaves behind must stay as long as the snapshot does.
      let churned = try await queue.drain(backlog, limit: limit)
      try await queue.fill(churned.jobs)
    }
    try await server.settle(database)
    let before = try await server.logPosition()
    let (seconds, jobs) = try await queue.drain(backlog, limit: limit)
    let log = try await server.logPosition() - before
    await holder?.close()
    return (Double(jobs) / seconds, log / Double(max(jobs, 1)))
  }

  /// A database with a backlog, made once.
  private mutating func prepareBacklog(_ queue: String) async throws {
    guard filled.insert(queue).inserted else { return }
    let database = queue + "_filled"
    try await server.makeDatabase(database)
    _ = try await withQueue(queue, on: database) { measured in
      try await measured.fill(backlog)
      return ()
    }
  }

  private mutating func measureBulk() async throws {
    var rates: Figures = [:]
    for _ in 0..<runs {
      for queue in [Self.own] + peers.names {
        let database = queue + "_work"
        try await server.makeDatabase(database)
        // The slower ones need not queue so many to be known.
        let count = queue == Self.own || queue == "pgqueuer" ? backlog : backlog / 10
        let (name, seconds) = try await withQueue(queue, on: database) { try await $0.fill(count) }
        rates[name, default: []].append(Double(count) / seconds)
      }
    }
    add("queued in bulk", "jobs/s", "higher", rates, goal: 200_000)
  }

  private mutating func measureLatency() async throws {
    var (middle, late): (Figures, Figures) = ([:], [:])
    for _ in 0..<runs {
      for queue in [Self.own] + peers.names {
        let database = queue + "_work"
        try await server.makeDatabase(database)
        let (name, times) = try await withQueue(queue, on: database) {
          try await $0.latencies(Self.latencyJobs).sorted()
        }
        middle[name, default: []].append(times[times.count / 2])
        late[name, default: []].append(times[times.count * 99 / 100])
      }
    }
    add("queued to started, median", "ms", "lower", middle, goal: 2)
    add("queued to started, 99 % within", "ms", "lower", late, goal: 4)
  }

  private mutating func measureIdle() async throws {
    var rates: Figures = [:]
    for queue in [Self.own] + peers.names {
      let database = queue + "_work"
      try await server.makeDatabase(database)
      let (name, count) = try await withQueue(queue, on: database) { measured in
        // The difference of a long and a short wait has no beginning and no end in it.
        let short = try await server.statements { try await measured.idle(2) }
        let long = try await server.statements { try await measured.idle(2 + Self.idleSeconds) }
        return long - short
      }
      rates[name] = [Double(count) / Self.idleSeconds]
    }
    add("statements of an idle worker", "1/s", "lower", rates, goal: 1)
  }

  /// Backlogs of all sizes are there at once and take turns, so that whatever else the machine does
  /// meanwhile strikes them alike; the first turn of each only fills the caches.
  private mutating func measureClaims() async throws {
    let sizes = Array(sequence(first: 1000) { $0 * 10 }.prefix { $0 <= largest })
    var queues: [OwnQueue] = []
    for size in sizes {
      let database = "avu_claims_\(size)"
      try await server.makeDatabase(database)
      let own = try await OwnQueue(server.target(database))
      _ = try await own.fill(size)
      try await server.settle(database)
      queues.append(own)
    }
    var times = [[Double]](repeating: [], count: sizes.count)
    for turn in 0...(10 * runs) {
      for index in sizes.indices.shuffled() {
        let more = try await queues[index].exchanges(20)
        if turn > 0 { times[index] += more }
      }
    }
    let smallest = Statistic(times[0]).median
    for (size, times) in zip(sizes, times) {
      add(
        "100 done, 100 claimed, of \(size)", "ms", "lower", [Self.own: times],
        goal: size == sizes[0] ? nil : smallest * 1.2)
    }
    for own in queues { await own.close() }
  }
}
