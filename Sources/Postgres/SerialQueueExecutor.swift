import Dispatch

/// Runs an actor on a dispatch queue of its own.
///
/// `DispatchSerialQueue` is such an executor on Apple platforms only. A connection's short waits
/// for the server happen on this queue's thread and never on the cooperative pool.
final class SerialQueueExecutor: SerialExecutor {
  let queue = DispatchQueue(label: "avu.postgres")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }
}
