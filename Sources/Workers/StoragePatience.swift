import Jobs
import Synchronization

/// Folders and servers that were away when a video of them was needed, and since when.
///
/// A disk that is not mounted, or a server that is restarted, is no fault of the videos: their jobs wait
/// instead of failing one after the other. When it lasts too long, they fail like others.
package final class StoragePatience: Sendable {
  private let limit: Duration
  private let since = Mutex<[String: ContinuousClock.Instant]>([:])

  /// Says how long.
  ///
  /// - Parameter limit: How long each is waited for.
  package init(_ limit: Duration) { self.limit = limit }

  /// Notes that a place can be read again.
  func isBack(_ place: String) { since.withLock { $0[place] = nil } }

  /// What becomes of a job whose place is away.
  ///
  /// Takes a second, so that a million such jobs do not move as fast as the database can.
  ///
  /// - Parameters:
  ///   - place: The folder or server.
  ///   - reason: One sentence for people.
  /// - Returns: A `JobSnooze`, or a `JobFailure` when it has lasted too long.
  /// - Throws: `CancellationError`.
  func verdict(_ place: String, because reason: String) async throws -> any Error {
    let now = ContinuousClock.now
    let first = since.withLock { since in
      let first = since[place] ?? now
      since[place] = first
      return first
    }
    guard now - first < limit else { return JobFailure(message: reason) }
    try await Task.sleep(for: .seconds(1))
    return JobSnooze(
      for: min(.seconds(60), max(.seconds(4), (now - first) / 4)), because: reason)
  }
}
