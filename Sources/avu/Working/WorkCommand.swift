import ArgumentParser
import Foundation
import Jobs
import JobsPostgres
import Logging
import Postgres
import ServiceLifecycle
import Synchronization
import UnixSignals
import Workers

/// A worker: a supervisor with processes that do the work.
struct WorkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "Do what is queued, on this machine.",
    discussion: """
      Runs until it is stopped; with --drain until nothing is queued any more. On Ctrl-C, SIGTERM \
      and when its terminal is closed, jobs that are not done are handed back. Any number of \
      machines may work at a time.

      EXAMPLES:
        avu work --drain
        avu work --concurrency 8
        avu work --sites /srv/www/avu
        avu work --log json --verbose 2>> worker.log
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Clips at a time, each in a process of its own; one for each processor by default.",
      valueName: "n"))
  var concurrency: Int?

  @Option(help: "Threads of each process; by default the processors are shared out.")
  var threads: Int?

  @Flag(help: "End when nothing is queued any more.")
  var drain = false

  @Option(
    help: ArgumentHelp(
      "End a clip's process when it makes no progress for so long.", valueName: "s"))
  var timeLimit = 600.0

  @Option(
    help: ArgumentHelp(
      "Others take a job over when this machine was not heard of for so long.", valueName: "s"))
  var lease = 30.0

  @Option(
    help: ArgumentHelp(
      "How long a folder or server of videos that is away is waited for before their clips fail.",
      valueName: "time"))
  var waitForStorage = TimeSpan(.seconds(3600))

  @Option(
    help: ArgumentHelp(
      "Also build the sites that are queued (avu report queue), in folders below this one.",
      valueName: "dir"))
  var sites: String?

  @Flag(help: "Print a JSON document at the end.")
  var json = false

  @Flag(name: .shortAndLong, help: "Say more: every attempt, too.")
  var verbose = false

  @Option(help: "How messages are written: text, or a JSON object a line.")
  var log = LogFormat.text

  func validate() throws {
    for (name, value) in [("--concurrency", concurrency), ("--threads", threads)] {
      if let value, !(1...1024).contains(value) {
        throw ValidationError("\(name) must be from 1 to 1024.")
      }
    }
    guard timeLimit.isFinite, timeLimit > 0 else {
      throw ValidationError("--time-limit must be above 0.")
    }
    guard (4...3600).contains(lease) else {
      throw ValidationError("--lease must be from 4 to 3600.")
    }
  }

  func run() async throws {
    let settings = try Settings.load()
    let count = concurrency ?? ProcessInfo.processInfo.activeProcessorCount
    let logger = log.logger(verbose: verbose)
    // Short, for the worker tries again by itself, and knows when it is to end.
    let session = try await DatabaseSession.open(
      settings, connections: 4 + count, patience: .seconds(2))
    let service = WorkService(
      session: session,
      processes: WorkerProcesses(settings, count: count, threads: threads, logger: logger),
      count: count, settings: WorkerSettings(lease: .seconds(lease), drains: drain),
      silence: .seconds(timeLimit), patience: waitForStorage.duration, sites: sites, logger: logger)
    var configuration = ServiceGroupConfiguration(
      services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
      gracefulShutdownSignals: Self.endingSignals, logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(60)
    try await ServiceGroup(configuration: configuration).run()
    await session.pool.close()
    try report(service)
  }

  /// What asks a worker to end. A hangup does not when it is ignored, as below `nohup`.
  private static var endingSignals: [UnixSignal] {
    var hangup = sigaction()
    sigaction(SIGHUP, nil, &hangup)
    let handler = unsafeBitCast(hangup.__sigaction_handler.sa_handler, to: Int.self)
    let isIgnored = handler == unsafeBitCast(SIG_IGN, to: Int.self)
    return [.sigterm, .sigint] + (isIgnored ? [] : [.sighup])
  }

  private func report(_ service: WorkService) throws {
    guard let summary = service.summary.withLock({ $0 }) else {
      throw ExitStatus.interrupted.exitCode
    }
    if json {
      try Console.print(json: [
        "done": summary.done, "failed": summary.failed, "retried": summary.retried,
        "handed_back": summary.handedBack, "not_handed_back": summary.unwritten,
      ])
    } else {
      let parts = [
        "\(counted(summary.done, "job")) done",
        summary.failed > 0 ? "\(summary.failed) failed" : nil,
        summary.retried > 0
          ? "\(counted(summary.retried, "attempt")) tried again" : nil,
        summary.handedBack > 0 ? "\(summary.handedBack) handed back" : nil,
        summary.unwritten > 0
          ? "\(summary.unwritten) could not be handed back; others take over after the lease" : nil,
      ]
      Console.print(parts.compactMap { $0 }.joined(separator: ", ") + ".")
      if summary.failed > 0 {
        Console.error("avu: avu jobs list --state failed says why; so do the pages of the clips.")
      }
    }
    if service.wasInterrupted.withLock({ $0 }) { throw ExitStatus.interrupted.exitCode }
    if summary.failed > 0 { throw ExitStatus.partial.exitCode }
  }
}

/// How messages of a worker are written.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json

  /// A logger for a worker on this host.
  func logger(verbose: Bool) -> Logger {
    var logger = Logger(label: "avu.work") { label -> any LogHandler in
      switch self {
      case .text: TextLogHandler(label: label)
      case .json: JSONLogHandler()
      }
    }
    logger.logLevel = verbose ? .debug : .notice
    if self == .json { logger[metadataKey: "host"] = "\(ProcessInfo.processInfo.hostName)" }
    return logger
  }
}

/// Claims jobs and has the worker processes do them.
private final class WorkService: Service {
  let summary = Mutex<WorkerSummary?>(nil)
  let wasInterrupted = Mutex(false)

  private let session: DatabaseSession
  private let processes: WorkerProcesses
  private let worker: Worker<PostgresJobQueue>

  init(
    session: DatabaseSession, processes: WorkerProcesses, count: Int, settings: WorkerSettings,
    silence: Duration, patience: Duration, sites: String?, logger: Logger
  ) {
    self.session = session
    self.processes = processes
    let host = ProcessInfo.processInfo.hostName
    let inference = InferenceHandler(
      processes: processes, pool: session.pool,
      enqueue: { try await session.queue.enqueue($0, in: $1) }, silence: silence,
      patience: StoragePatience(patience), host: host)
    let evaluation = EvaluationHandler(
      processes: processes, pool: session.pool, silence: silence)
    let queue = session.queue
    var handlers: [String: any JobHandler<Connection>] = [
      WorkKind.infer.rawValue: inference, WorkKind.evaluate.rawValue: evaluation,
      WorkKind.prune.rawValue: PruningHandler(
        prune: { try await queue.prune($0, olderThan: $1) },
        record: { try await queue.record(output: $0, of: $1, in: $2) }),
    ]
    if let sites {
      handlers[WorkKind.report.rawValue] = ReportHandler(
        program: ThisProgram.path, folder: sites,
        record: { try await queue.record(output: $0, of: $1, in: $2) })
    }
    worker = Worker(
      queue: queue, handlers: handlers,
      concurrency: count,
      identity: WorkerIdentity(host: host, process: getpid()),
      settings: settings, logger: logger)
  }

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await self.processes.run() }
      group.addTask { await self.showProgress() }
      let result = try await cancelWhenGracefulShutdown {
        try await withGracefulShutdownHandler {
          try await self.worker.run()
        } onGracefulShutdown: {
          self.wasInterrupted.withLock { $0 = true }
        }
      }
      summary.withLock { $0 = result }
      group.cancelAll()
    }
  }

  /// Draws how far the queue is, on a terminal.
  private func showProgress() async {
    guard Console.isInteractive else { return }
    let line = SharedProgressLine("Working")
    while !Task.isCancelled {
      if let counts = try? await session.queue.counts(finishedWithin: .seconds(3600)) {
        let all = counts.reduce(0) { $0 + $1.count }
        let ended = counts.filter(\.state.isFinal).reduce(0) { $0 + $1.count }
        line.update(done: Double(ended), of: all)
      }
      try? await Task.sleep(for: .seconds(1))
    }
    line.end()
  }
}
