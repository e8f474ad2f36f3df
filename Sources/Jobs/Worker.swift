public import Logging

/// Claims jobs and has them done, several at a time, until it is told to end.
///
/// Losing the database in the middle costs nothing but time: running jobs go on, their results are
/// stored when it is back, as far as their leases still hold.
public actor Worker<Queue: JobQueue> {
  let queue: Queue
  let handlers: [String: any JobHandler<Queue.Transaction>]
  let kinds: [String]
  let concurrency: Int
  let identity: WorkerIdentity
  let settings: WorkerSettings
  let logger: Logger

  var running: [Lease: RunningJob] = [:]

  /// Those of the running attempts that are done and leave nothing to store. Their leases are
  /// renewed until they are written down, together and with the next claim.
  var unwritten: [Lease: ClaimedJob] = [:]

  /// Those of them that the queue is just being told of.
  var beingWritten: Set<Lease> = []
  var summary = WorkerSummary()
  var isEnding = false

  /// The version of the storage's schema when it began; work on another one is not for it.
  var schemaVersion: Int?
  var isOutdated: JobQueueError?

  /// How often it is worth to look for jobs, when starts are limited.
  var pace: Duration?
  var isCutOff = false
  var isPaused = false

  /// Why a job was put off last.
  var lastSnooze = ""
  var pausedKinds: Set<String> = []
  let bell = Bell()

  /// Makes a worker; it does nothing before ``run()``.
  ///
  /// - Parameters:
  ///   - queue: Where jobs come from.
  ///   - handlers: What does them, by kind.
  ///   - concurrency: How many jobs it works on at a time; at least 1.
  ///   - identity: Who it is.
  ///   - settings: Its pace.
  ///   - logger: Hears of failures, at `warning`, and of every attempt, at `debug`.
  public init(
    queue: Queue, handlers: [String: any JobHandler<Queue.Transaction>],
    concurrency: Int, identity: WorkerIdentity, settings: WorkerSettings = WorkerSettings(),
    logger: Logger
  ) {
    precondition(concurrency > 0, "a worker for \(concurrency) jobs at a time")
    self.queue = queue
    self.handlers = handlers
    kinds = handlers.keys.sorted()
    self.concurrency = concurrency
    self.identity = identity
    self.settings = settings
    self.logger = logger
  }

  /// Works until the task is cancelled, or until the queue is drained when the settings say so.
  ///
  /// When the task is cancelled, running handlers are cancelled and their jobs are given back.
  ///
  /// - Returns: What became of the attempts.
  /// - Throws: Errors of the storage: any at the start; later on those that are no outage.
  public func run() async throws -> WorkerSummary {
    // Its own task: what has to be written at the end must not be cancelled.
    let work = Task { try await self.work() }
    return try await withTaskCancellationHandler {
      try await work.value
    } onCancel: {
      Task { await self.end() }
    }
  }

  private func work() async throws -> WorkerSummary {
    let reply = try await queue.heartbeat(identity, holding: [:], for: settings.lease)
    notePauses(reply.paused)
    pace = reply.pace
    schemaVersion = reply.schemaVersion
    let companions = [
      Task { await self.beat() }, Task { await self.listen() }, Task { await self.rescue() },
      Task { await self.poll() }, Task { await self.keepTime() },
    ]
    let problem = await claimUntilEnd()
    // The heart beats until the last job has ended.
    await endRunningJobs()
    companions.forEach { $0.cancel() }
    for companion in companions { await companion.value }
    // A database that is away is not waited for: it forgets the worker by itself.
    if !isCutOff { try? await queue.leave(identity) }
    if let problem = isOutdated ?? problem { throw problem }
    return summary
  }

  /// Starts jobs whenever the bell rings; returns why it had to stop, or nil.
  private func claimUntilEnd() async -> (any Error)? {
    for await _ in bell.rings {
      if isEnding { return nil }
      do {
        await gather()
        if try await claim() == 0, running.isEmpty, settings.drains,
          try await queue.isDrained(kinds: kinds)
        {
          return nil
        }
      } catch  where queue.isOutage(error) {
        noteOutage(error)
      } catch {
        // It may be that a newer program has changed the schema.
        if let reply = try? await queue.heartbeat(identity, holding: [:], for: settings.lease) {
          noteVersion(reply.schemaVersion)
        }
        return error
      }
    }
    return nil
  }

  /// Ends when the schema is no longer the one that this program began with.
  func noteVersion(_ version: Int?) {
    guard let version, let known = schemaVersion, version != known, isOutdated == nil else {
      return
    }
    isOutdated = .newerSchema(found: version, known: known)
    end()
  }

  /// Waits a moment when few of many jobs are done: a claim for each would cost more than the jobs.
  private func gather() async {
    guard !unwritten.isEmpty, running.count > unwritten.count,
      concurrency - running.count + unwritten.count < concurrency / 2
    else { return }
    try? await Task.sleep(for: settings.gathering)
  }

  /// Writes down what is done, and fills the free places; returns how many jobs were started.
  private func claim() async throws -> Int {
    let free = concurrency - running.count + unwritten.count
    guard free > 0 else { return 0 }
    let jobs = try await writeDone(claiming: free)
    for job in jobs { start(job) }
    return jobs.count
  }

  /// Stops taking jobs and tells the running ones to stop.
  private func end() {
    isEnding = true
    for job in running.values { job.cancel() }
    bell.ring()
  }

  private func endRunningJobs() async {
    end()
    while let job = running.first(where: { unwritten[$0.key] == nil })?.value {
      await job.settling.value
    }
    await writeRest()
  }
}
