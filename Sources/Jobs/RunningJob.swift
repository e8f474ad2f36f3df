import Synchronization

/// An attempt as its worker sees it.
struct RunningJob {
  /// Tells the handler to stop.
  let cancel: @Sendable () -> Void

  /// Waits for the handler and writes down what came of it, or leaves that to the next claim when
  /// there is nothing to store; never cancelled.
  let settling: Task<Void, Never>

  /// How far it is.
  let progress: Progress

  /// Whether the queue has ended the attempt, so that there is nothing to write down.
  var isOver = false
}

/// How far a job is; told by the handler from any thread.
final class Progress: Sendable {
  private let value = Mutex(0.0)

  /// From 0 to 1.
  var part: Double { value.withLock { $0 } }

  func set(_ part: Double) {
    value.withLock { $0 = part.isNaN ? 0 : min(1, max(0, part)) }
  }
}
