import Glibc
import Jobs
package import Logging
import Subprocess
import Synchronization
import SystemPackage

/// The worker processes of a supervisor: each does one request at a time, and the death of one
/// fails the request it had and nothing else.
///
/// A process is started when the first request comes for it and again after each death.
package final class WorkerProcesses: Sendable {
  /// How a worker process is started.
  package struct Command: Sendable {
    /// The program's path.
    package var program: String

    /// Its arguments.
    package var arguments: [String]

    /// Names a program.
    package init(program: String, arguments: [String]) {
      self.program = program
      self.arguments = arguments
    }
  }

  /// How often a process is started for a request before it is given up.
  private static let starts = 3

  /// A crash is told by its signal; a report of it would show parts of the memory, so of videos.
  private static let variables: [Environment.Key: String?] = ["SWIFT_BACKTRACE": "enable=no"]

  private let command: Command
  private let count: Int
  private let memoryStatistics: String
  private let requests: AsyncStream<PendingRequest>
  private let submit: AsyncStream<PendingRequest>.Continuation
  private let logger: Logger

  /// Describes the processes; nothing is started yet.
  ///
  /// - Parameters:
  ///   - command: How a process is started.
  ///   - count: Processes that work at a time; at least 1.
  ///   - logger: Hears of deaths, at `debug`; the job's failure is for the worker to tell.
  ///   - memoryStatistics: The file in which Linux counts processes that it ended for their memory.
  package init(
    command: Command, count: Int, logger: Logger, memoryStatistics: String = "/proc/vmstat"
  ) {
    precondition(count > 0, "\(count) worker processes")
    // A request may be written to a process that has just died: an error then, not the end of us.
    signal(SIGPIPE, SIG_IGN)
    self.command = command
    self.count = count
    self.memoryStatistics = memoryStatistics
    self.logger = logger
    (requests, submit) = AsyncStream.makeStream()
  }

  /// Serves requests until the task is cancelled; the processes then end.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<count { group.addTask { await self.serve() } }
    }
    submit.finish()
  }

  /// Has a process do a request.
  ///
  /// Cancelling the task kills the process that works on it.
  ///
  /// - Parameters:
  ///   - request: What to do.
  ///   - limit: After so much time without progress the process is killed.
  ///   - progress: Called with the part that is done, 0 to 1.
  /// - Returns: The final answer; never `.progress`.
  /// - Throws: `JobFailure` when the process died, fell silent or could not be started;
  ///   `CancellationError`.
  package func answer(
    _ request: WorkRequest, silence limit: Duration,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws -> WorkReply {
    let pending = PendingRequest(request, progress: progress)
    let watchdog = Task { try await pending.watch(limit: limit) }
    defer { watchdog.cancel() }
    return try await withTaskCancellationHandler {
      submit.yield(pending)
      return try await pending.answer
    } onCancel: {
      pending.stop(because: .cancelled)
    }
  }

  private func serve() async {
    while !Task.isCancelled, let request = await takeRequest() {
      var left: PendingRequest? = request
      // A process that died before it took a request up says nothing about the request.
      for _ in 0..<Self.starts where !Task.isCancelled {
        guard let request = left else { break }
        left = await work(beginningWith: request)
      }
      left?.finish(
        .failure(Task.isCancelled ? CancellationError() : Self.notStarted("it ends at once")))
    }
  }

  /// The next request that somebody still waits for.
  private func takeRequest() async -> PendingRequest? {
    for await request in requests where !request.isFinished { return request }
    return nil
  }

  /// Runs one process until it dies or no more requests come.
  ///
  /// - Returns: A request that the process died on without taking it up, or nil.
  private func work(beginningWith first: PendingRequest) async -> PendingRequest? {
    let conversation = Conversation(first)
    do {
      let outcome = try await Subprocess.run(
        .path(FilePath(command.program)), arguments: .init(command.arguments),
        environment: .inherit.updating(Self.variables), input: .inputWriter, output: .sequence,
        error: .currentStandardError
      ) { execution in
        conversation.begin()
        var lines = MessageLines(execution.standardOutput)
        while let request = conversation.current {
          conversation.memoryKills = MemoryKills.count(in: memoryStatistics)
          request.attach { try? execution.send(signal: .kill) }
          defer { request.detach() }
          let line = try MessageLine.encode(request.request)
          _ = try? await execution.standardInputWriter.write(line)
          guard try await conversation.hear(&lines) else { return }
          conversation.current = await self.takeRequest()
        }
      }
      return close(conversation, status: outcome.terminationStatus)
    } catch {
      conversation.current?.finish(.failure(Self.failure(of: error, conversation)))
      return nil
    }
  }

  private func close(
    _ conversation: Conversation, status: TerminationStatus
  ) -> PendingRequest? {
    guard let request = conversation.current, !request.isFinished else { return nil }
    guard request.wasTakenUp else { return request }
    let death = Self.death(status, memoryRanOut: memoryRanOut(during: conversation))
    logger.debug("A worker process died.", metadata: ["kind": "\(death.kind)"])
    request.finish(.failure(death))
    return nil
  }

  /// Whether Linux ended a process of this machine for its memory since the request was sent.
  private func memoryRanOut(during conversation: Conversation) -> Bool {
    guard let before = conversation.memoryKills,
      let now = MemoryKills.count(in: memoryStatistics)
    else { return false }
    return now > before
  }

  private static func failure(of error: any Error, _ conversation: Conversation) -> any Error {
    if error is CancellationError { return error }
    guard conversation.hasBegun else { return notStarted("\(error)") }
    return JobFailure(
      message: "The worker process gave an answer that cannot be read (\(error)).", kind: .error,
      isPermanent: false)
  }

  private static func notStarted(_ reason: String) -> JobFailure {
    JobFailure(
      message: WorkerError.childNotStarted(reason: reason).description, kind: .error,
      isPermanent: false)
  }

  private static func death(_ status: TerminationStatus, memoryRanOut: Bool) -> JobFailure {
    switch status {
    case .signaled(9) where memoryRanOut:
      JobFailure(
        message: "The machine ran out of memory and ended the worker process in the middle of the "
          + "clip.",
        kind: .outOfMemory, isPermanent: false)
    case .exited(let code):
      JobFailure(
        message: "The worker process ended with status \(code) in the middle of the clip.",
        kind: .exit(code), isPermanent: false)
    case .signaled(let signal):
      JobFailure(
        message: "The worker process was ended by signal \(signal) in the middle of the clip"
          + (signal == 9 ? " (killed by somebody)." : "."),
        kind: .signal(signal), isPermanent: false)
    }
  }
}

/// What one process is busy with.
private final class Conversation: Sendable {
  private struct State {
    var request: PendingRequest?
    var memoryKills: Int?
    var hasBegun = false
  }

  private let state: Mutex<State>

  init(_ first: PendingRequest) { state = Mutex(State(request: first)) }

  /// The request that is being worked on; nil between two.
  var current: PendingRequest? {
    get { state.withLock { $0.request } }
    set { state.withLock { $0.request = newValue } }
  }

  /// ``MemoryKills`` when the request was sent.
  var memoryKills: Int? {
    get { state.withLock { $0.memoryKills } }
    set { state.withLock { $0.memoryKills = newValue } }
  }

  /// Whether the process was started.
  var hasBegun: Bool { state.withLock { $0.hasBegun } }

  /// Notes that the process was started.
  func begin() { state.withLock { $0.hasBegun = true } }

  /// Reads answers to the current request.
  ///
  /// - Returns: False when the process fell silent before the final one.
  func hear(_ lines: inout MessageLines) async throws -> Bool {
    while let line = try await lines.next() {
      let reply = try MessageLine.decode(WorkReply.self, from: line)
      guard case .progress(let part) = reply else {
        current?.finish(.success(reply))
        return true
      }
      current?.heard(progress: part)
    }
    return false
  }
}
