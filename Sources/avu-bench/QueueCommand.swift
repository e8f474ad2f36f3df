import ArgumentParser
import Foundation

/// The job queue beside PGQueuer, Procrastinate and Oban, on one PostgreSQL server.
struct QueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "Time the job queue, beside PGQueuer, Procrastinate and Oban.",
    discussion: """
      All are measured on one server, which is started for it with durable settings, with one worker \
      process and jobs that do nothing; ours and the peers take turns.

      Subjects:
        done      jobs done durably a second, with a backlog; also WAL a job
        snapshot  the same while another session holds an old snapshot: it is opened first, then \
      the queue is drained and filled again, and only then the clock starts
        bulk      jobs queued a second, with one call
        latency   from just before a job is queued to the start of its handler, at low load, after \
      twenty jobs that are not counted
        idle      statements a second of a worker that has nothing to do
        claim     finishing 100 jobs and claiming 100, by the size of the backlog, sizes taking turns; ours \
      only

      EXAMPLES:
        avu-bench queue
        avu-bench queue --subject done --subject snapshot --peer pgqueuer
        avu-bench queue --subject claim --largest 10000000
      """)

  @Option(help: "What is measured; several times; everything by default.")
  var subject: [QueueSubject] = []

  @Option(help: "Beside what; several times; all by default.")
  var peer: [String] = QueuePeers.all

  @Option(help: "How many jobs wait at the beginning.")
  var backlog = 200_000

  @Option(help: "The largest backlog that claims are measured with.")
  var largest = 1_000_000

  @Option(help: "How long a peer may work on a backlog; then what it has done counts.")
  var limit = 6.0

  @Option(help: "The script of the peers.")
  var script = "bench/queue_peer.py"

  @Option(help: "The Python that has the peers; “make bench-peers” makes it.")
  var python = ".build/bench-venv/bin/python"

  @Option(help: "Where the results and the server's files go.")
  var output = ".build/bench"

  @Option(help: "Measured rounds.")
  var runs = 3

  func validate() throws {
    guard runs >= 1, backlog >= 100, largest >= 1000, limit > 0 else {
      throw ValidationError(
        "--runs must be at least 1, --backlog 100, --largest 1000, and --limit above 0.")
    }
    if let unknown = peer.first(where: { !QueuePeers.all.contains($0) }) {
      throw ValidationError(
        "There is no peer “\(unknown)”; there are \(QueuePeers.all.joined(separator: ", ")).")
    }
  }

  func run() async throws {
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    let server = try await QueueServer.start(in: output + "/queue")
    let peers = QueuePeers(python: python, script: script, names: peer)
    var benchmark = QueueBenchmark(
      server: server, peers: peers, backlog: backlog, largest: largest, limit: limit, runs: runs)
    do {
      for subject in subject.isEmpty ? QueueSubject.allCases : subject {
        try await benchmark.measure(subject)
      }
    } catch {
      try? await server.stop()
      throw error
    }
    try await server.stop()
    var report = BenchReport(machine: Machine(), commit: Program.commit())
    report.rows = benchmark.rows
    report.absent = peers.absent
    print(report.table)
    let file = output + "/queue.json"
    try report.json().write(to: URL(filePath: file))
    print("Written to \(file).")
  }
}

/// What is measured.
enum QueueSubject: String, CaseIterable, ExpressibleByArgument {
  case done, snapshot, bulk, latency, idle, claim
}
