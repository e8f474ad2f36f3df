import Foundation
import Jobs
import Testing

/// Who claims in tests.
let worker = WorkerIdentity(host: "box", process: 7)

/// Jobs of a kind with the keys `1`, `2`, ….
func jobs(
  _ count: Int, kind: String = "look", group: String = "c", priority: Int = 0, maxErrors: Int = 3
) -> [NewJob] {
  (0..<count).map { number in
    NewJob(
      kind: kind, key: "\(number + 1)", payload: #"{"number": \#(number + 1)}"#, group: group,
      priority: priority, maxErrors: maxErrors)
  }
}

extension TestQueue {
  /// Claims one job, which must be there.
  func claimOne(kind: String = "look", for lease: Duration = .seconds(60)) async throws
    -> ClaimedJob
  {
    let claimed = try await claim(kinds: [kind], limit: 1, by: worker, for: lease)
    return try #require(claimed.first)
  }

  /// Where a job stands.
  func record(_ job: Int64) async throws -> JobRecord { try #require(await show(job)).job }

  /// How many jobs there are of each state.
  func tally() async throws -> [JobState: Int] {
    try await counts(finishedWithin: .seconds(60)).reduce(into: [:]) {
      $0[$1.state, default: 0] += $1.count
    }
  }
}

/// Looks again and again until it is so; a test fails when it takes longer than `limit`.
func eventually(
  within limit: Duration = .seconds(20), sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      Issue.record("not within \(limit)", sourceLocation: sourceLocation)
      throw CancellationError()
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}

extension HeartbeatReply {
  /// Whether it says that all goes well.
  var isQuiet: Bool { lost.isEmpty && cancelled.isEmpty && paused.isEmpty }
}
