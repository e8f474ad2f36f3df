import Jobs
import Postgres

/// What is written down when an attempt ends.
struct Ending {
  let lease: Lease
  let state: JobState
  let outcome: AttemptOutcome
  var message: String?
  var pause: Duration?
  var strikes: Strikes?

  /// An attempt against which nothing counts.
  init(_ lease: Lease, _ state: JobState, _ outcome: AttemptOutcome) {
    self.lease = lease
    self.state = state
    self.outcome = outcome
  }

  /// An attempt that failed, judged by what the row counts against the job.
  init(_ lease: Lease, _ failure: JobFailure, _ row: Row, _ policy: RetryPolicy) throws {
    var own = KindPolicy(kind: nil)
    try own.readRetries(of: row)
    let verdict = policy.overridden(by: own).judge(
      failure,
      strikes: Strikes(
        errors: try row.decode("errors"), deaths: try row.decode("deaths"),
        interruptions: try row.decode("interruptions")),
      maxErrors: try row.decode("max_errors"))
    self.lease = lease
    state = verdict.state
    outcome = .failed(failure.kind)
    message = Self.storable(failure.message)
    pause = verdict.pause
    strikes = verdict.strikes
  }

  /// Writes it down; false when the lease was lost.
  func write(on transaction: Connection) async throws -> Bool {
    try await !Self.write([self], on: transaction).isEmpty
  }

  /// Writes endings down; returns the jobs whose lease still held.
  static func write(_ endings: [Ending], on transaction: Connection) async throws -> [Int64] {
    if endings.isEmpty { return [] }
    func numbers(_ value: (Ending) -> Int?) -> SQLValue {
      .texts(endings.map { value($0).map(String.init) })
    }
    let rows = try await transaction.query(
      EndingStatements.end,
      [
        .ints(endings.map(\.lease.job)), .ints(endings.map(\.lease.token)),
        .texts(endings.map(\.state.rawValue)), .texts(endings.map(\.outcome.rawValue)),
        .texts(endings.map(\.message)), .texts(endings.map { $0.pause.map { "\($0.seconds)" } }),
        numbers { $0.strikes?.errors }, numbers { $0.strikes?.deaths },
        numbers { $0.strikes?.interruptions },
      ])
    let ended: [Int64] = try rows.map { try $0.decode("job_id") }
    if endings.contains(where: { $0.state.isFinal }) {
      _ = try await transaction.query(EndingStatements.release, [.ints(ended)])
    }
    return ended
  }

  /// The message without what PostgreSQL cannot store, and not longer than anybody reads.
  static func storable(_ message: String, longest: Int = 4000) -> String {
    String(message.prefix(longest)).replacing("\0", with: "\u{FFFD}")
  }
}
