import Jobs
import JobsPostgres
import Logging
import Postgres
import Synchronization

/// Our queue in a database, with a worker in this process.
final class OwnQueue: Sendable {
  let queue: PostgresJobQueue

  private let pool: ConnectionPool

  /// Queues jobs as another program would: on connections of its own.
  private let submitter: PostgresJobQueue
  private let submitterPool: ConnectionPool
  private let handler = NoopHandler()
  private static let identity = WorkerIdentity(host: "bench", process: 1)

  /// Connects, and makes the tables when there are none.
  init(_ target: ConnectionTarget) async throws {
    let connection = try await Connection.connect(to: target)
    try await Migrator(folder: "migrations").migrate(schema: "avu", on: connection)
    await connection.close()
    var target = target
    target.schema = "avu"
    pool = ConnectionPool(target: target, size: 6)
    queue = PostgresJobQueue(pool: pool)
    submitterPool = ConnectionPool(target: target, size: 1)
    submitter = PostgresJobQueue(pool: submitterPool)
  }

  func close() async {
    await pool.close()
    await submitterPool.close()
  }

  /// Queues jobs that do nothing; returns how long it took.
  func fill(_ count: Int) async throws -> Double {
    let job = NewJob(kind: "noop", key: nil, payload: "{}", group: "bench")
    let jobs = [NewJob](repeating: job, count: count)
    let time = try await ContinuousClock().measure { _ = try await submitter.enqueue(jobs) }
    return time / .seconds(1)
  }

  /// Runs a worker until everything is done; returns how long it took, and how much was done.
  func drain() async throws -> (seconds: Double, jobs: Int) {
    var jobs = 0
    let time = try await ContinuousClock().measure {
      jobs = try await worker(WorkerSettings(drains: true)).run().done
    }
    return (time / .seconds(1), jobs)
  }

  /// As many jobs come first, for the plans and connections that are made when they are first used.
  private static let warmUp = 20

  /// How long jobs that are queued one by one wait for a worker that waits, in milliseconds.
  func latencies(_ count: Int) async throws -> [Double] {
    try await whileWaiting {
      var times: [Double] = []
      for number in 0..<(Self.warmUp + count) {
        let (arrivals, arrival) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        handler.heard.withLock { $0 = { arrival.yield(.now) } }
        let began = ContinuousClock.now
        _ = try await fill(1)
        for await arrived in arrivals {
          if number >= Self.warmUp { times.append((arrived - began) / .milliseconds(1)) }
          break
        }
        try await Task.sleep(for: .milliseconds(20))
      }
      return times
    }
  }

  /// Lets a worker wait for jobs while `body` runs.
  func whileWaiting<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    let running = Task { try await self.worker(WorkerSettings()).run() }
    try await Task.sleep(for: .seconds(1))
    let result = try await body()
    running.cancel()
    _ = try await running.value
    return result
  }

  /// Finishes a hundred jobs and claims a hundred, again and again; returns the milliseconds of each.
  func exchanges(_ count: Int) async throws -> [Double] {
    var held: [Lease] = []
    var times: [Double] = []
    for round in 0...count {
      _ = try await fill(100)
      let began = ContinuousClock.now
      let (_, claimed) = try await queue.finish(
        held, claiming: ["noop"], limit: 100, by: Self.identity, for: .seconds(600))
      // The first one finishes nothing.
      if round > 0 { times.append((ContinuousClock.now - began) / .milliseconds(1)) }
      held = claimed.map(\.lease)
    }
    try await queue.handBack(held)
    return times
  }

  private func worker(_ settings: WorkerSettings) -> Worker<PostgresJobQueue> {
    Worker(
      queue: queue, handlers: ["noop": handler], concurrency: 1000, identity: Self.identity,
      settings: settings, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
  }
}

/// Does nothing, and says so.
private final class NoopHandler: JobHandler {
  let heard = Mutex<(@Sendable () -> Void)?>(nil)

  func run(
    _ job: ClaimedJob, progress: @escaping @Sendable (Double) -> Void
  ) async throws -> (@Sendable (Connection) async throws -> Void)? {
    heard.withLock { $0 }?()
    return nil
  }
}
