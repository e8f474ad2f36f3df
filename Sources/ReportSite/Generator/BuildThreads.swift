import Dispatch

/// Threads for building pages: they read files and decode videos, which would keep Swift's own few
/// threads from everything that waits.
final class BuildThreads: TaskExecutor {
  private let queue = DispatchQueue(label: "site", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }

  /// Does something for each of some numbers.
  ///
  /// - Parameters:
  ///   - numbers: The numbers.
  ///   - jobs: How many are worked on at a time.
  ///   - body: What is done.
  /// - Throws: The first error of `body`; numbers whose turn has not come are left out then.
  func forEach(
    _ numbers: Range<Int>, jobs: Int, _ body: @escaping @Sendable (Int) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for first in numbers.prefix(jobs) {
        group.addTask(executorPreference: self) {
          for number in stride(from: first, to: numbers.upperBound, by: jobs) {
            try Task.checkCancellation()
            try body(number)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
