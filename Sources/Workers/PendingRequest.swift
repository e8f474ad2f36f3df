import Jobs
import Synchronization

/// A request on its way through a worker process, and whoever waits for its answer.
final class PendingRequest: Sendable {
  /// Why a request is stopped from outside.
  enum Stop: Sendable {
    case timeout, cancelled

    var error: any Error {
      switch self {
      case .cancelled: CancellationError()
      case .timeout:
        JobFailure(
          message: "The clip made no progress within the time limit, so its worker process was "
            + "ended.",
          kind: .timeout, isPermanent: false)
      }
    }
  }

  private struct State {
    var answer: Result<WorkReply, any Error>?
    var waiting: CheckedContinuation<WorkReply, any Error>?
    var kill: (@Sendable () -> Void)?
    var wasTakenUp = false
    var lastHeard = ContinuousClock.now
  }

  let request: WorkRequest
  private let progress: @Sendable (Double) -> Void
  private let state = Mutex(State())

  init(_ request: WorkRequest, progress: @escaping @Sendable (Double) -> Void) {
    self.request = request
    self.progress = progress
  }

  /// The final answer; one task waits for it.
  var answer: WorkReply {
    get async throws {
      try await withCheckedThrowingContinuation { continuation in
        let answer = state.withLock { state in
          if state.answer == nil { state.waiting = continuation }
          return state.answer
        }
        if let answer { continuation.resume(with: answer) }
      }
    }
  }

  var isFinished: Bool { state.withLock { $0.answer != nil } }

  /// Whether a process has said that it works on this.
  var wasTakenUp: Bool { state.withLock { $0.wasTakenUp } }

  func heard(progress part: Double) {
    state.withLock { state in
      state.wasTakenUp = true
      state.lastHeard = .now
    }
    progress(part)
  }

  /// Stops the request when its process says nothing for a time.
  ///
  /// - Parameter limit: The longest silence; waiting for a process does not count.
  /// - Throws: `CancellationError`.
  func watch(limit: Duration) async throws {
    while !isFinished {
      let (isWorking, lastHeard) = state.withLock { ($0.kill != nil, $0.lastHeard) }
      let deadline = (isWorking ? lastHeard : .now) + limit
      try await Task.sleep(until: deadline, clock: .continuous)
      let isSilent = state.withLock { $0.kill != nil && $0.lastHeard + limit <= .now }
      if isSilent { stop(because: .timeout) }
    }
  }

  /// Notes which process works on this.
  func attach(kill: @escaping @Sendable () -> Void) {
    let isFinished = state.withLock { state in
      state.kill = kill
      state.lastHeard = .now
      return state.answer != nil
    }
    // Stopped before it began.
    if isFinished { kill() }
  }

  /// Notes that no process works on this any more.
  func detach() { state.withLock { $0.kill = nil } }

  /// Ends the request, and the process that works on it.
  func stop(because reason: Stop) {
    let kill = state.withLock { $0.answer == nil ? $0.kill : nil }
    finish(.failure(reason.error))
    kill?()
  }

  /// Gives the answer; the first counts.
  func finish(_ answer: Result<WorkReply, any Error>) {
    let waiting = state.withLock { state -> CheckedContinuation<WorkReply, any Error>? in
      guard state.answer == nil else { return nil }
      state.answer = answer
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume(with: answer)
  }
}
