import Dispatch

/// Threads for building pages: they read files and decode videos, which would keep Swift's own few
/// threads from everything that waits.
final class BuildThreads: TaskExecutor {
  private let queue = DispatchQueue(label: "site", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
