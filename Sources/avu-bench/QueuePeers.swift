/// The queues that ours is measured beside.
final class QueuePeers {
  /// What the script knows.
  static let all = ["pgqueuer", "procrastinate", "oban"]

  /// Those that are installed.
  let names: [String]

  /// Those that are not, with the reason.
  let absent: [String]

  private let python: String
  private let script: String

  init(python: String, script: String, names: [String]) {
    self.python = python
    self.script = script
    var (present, absent): ([String], [String]) = ([], [])
    for name in names {
      if (try? Program.output(of: python, ["-c", "import uvloop, \(name)"])) != nil {
        present.append(name)
      } else {
        let more = name == "oban" ? " BENCH_PYTHON=python3.12" : ""
        absent.append("\(name): not installed, see “make bench-peers\(more)”")
      }
    }
    (self.names, self.absent) = (present, absent)
  }

  /// Starts one, connected to a database that is empty or has its tables already.
  func start(_ name: String, on url: String, isMade: Bool) throws -> Peer {
    try Peer(
      python: python,
      arguments: [script, "--library", name, "--dsn", url] + (isMade ? ["--made"] : []), threads: 1)
  }
}

/// What a peer is asked for; exactly one of the first four is set.
struct QueueRequest: Encodable {
  var fill: Int?
  var drain: Int?
  var latency: Int?
  var idle: Double?
  var limit: Double?

  /// What it answers.
  struct Answer: Decodable {
    var seconds: Double?
    var jobs: Int?
    var milliseconds: [Double]?
  }
}
