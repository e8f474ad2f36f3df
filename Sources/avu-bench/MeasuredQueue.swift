/// Ours or a peer, connected to a database.
enum MeasuredQueue {
  case own(OwnQueue)
  case peer(Peer)

  /// Queues jobs that do nothing; returns how long it took.
  @discardableResult
  func fill(_ count: Int) async throws -> Double {
    switch self {
    case .own(let own): try await own.fill(count)
    case .peer(let peer): try Self.ask(peer, QueueRequest(fill: count)).seconds ?? 0
    }
  }

  /// Runs a worker until as many jobs are done; a peer, for `limit` seconds at most.
  func drain(_ count: Int, limit: Double) async throws -> (seconds: Double, jobs: Int) {
    switch self {
    case .own(let own): return try await own.drain()
    case .peer(let peer):
      let answer = try Self.ask(peer, QueueRequest(drain: count, limit: limit))
      return (answer.seconds ?? 0, answer.jobs ?? 0)
    }
  }

  /// How long jobs wait for a worker that waits, in milliseconds.
  func latencies(_ count: Int) async throws -> [Double] {
    switch self {
    case .own(let own): try await own.latencies(count)
    case .peer(let peer): try Self.ask(peer, QueueRequest(latency: count)).milliseconds ?? []
    }
  }

  /// Lets a worker wait.
  func idle(_ seconds: Double) async throws {
    switch self {
    case .own(let own): try await own.whileWaiting { try await Task.sleep(for: .seconds(seconds)) }
    case .peer(let peer): _ = try Self.ask(peer, QueueRequest(idle: seconds))
    }
  }

  private static func ask(_ peer: Peer, _ request: QueueRequest) throws -> QueueRequest.Answer {
    try peer.ask(request)
  }
}

extension QueueBenchmark {
  /// Connects a queue to a database while `body` runs; returns the queue's full name, too.
  func withQueue<Result>(
    _ queue: String, on database: String, isMade: Bool = false,
    _ body: (MeasuredQueue) async throws -> Result
  ) async throws -> (name: String, result: Result) {
    if queue == "avu" {
      let own = try await OwnQueue(server.target(database))
      let result = try await body(.own(own))
      await own.close()
      return (queue, result)
    }
    let peer = try peers.start(queue, on: server.url(database), isMade: isMade)
    defer { peer.end() }
    return (peer.name, try await body(.peer(peer)))
  }
}
