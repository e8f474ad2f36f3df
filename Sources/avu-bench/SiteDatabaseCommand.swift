import ArgumentParser
import Foundation
import JobsPostgres
import Postgres
import SyntheticData
import SyntheticStore

/// `avu report build` at scale: a made-up collection in a real database, and what builds of its site
/// cost in time and memory.
struct SiteDatabaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "site-database",
    abstract: "Measure builds of a large collection's site from a database.",
    discussion: """
      Fills a PostgreSQL server of its own below --output, which takes a minute for each 20,000 \
      clips and about 1 GB for 100,000, and stops it again. Three builds are measured: a new site, \
      one in which nothing has changed, and one in which a clip of each hundred has.

      --check ends with status 1 when a build needs more than a site of 100,000 clips may: 300 MB \
      of memory; 5 seconds for one in which nothing has changed, 15 for one in which a hundredth has.

      EXAMPLES:
        avu-bench site-database
        avu-bench site-database --clips 100000 --check
      """)

  /// What a build may take, in seconds; nil where that is not bounded.
  private static let steps: [(name: String, seconds: Double?)] = [
    ("new site", nil), ("nothing changed", 5), ("1 % changed", 15),
  ]

  /// What a build may take in memory, in bytes.
  private static let memory = 300_000_000

  @Option(help: "How many clips the collection has, with ten moments each.")
  var clips = 10_000

  @Option(help: "The folder with templates, public and migrations.")
  var share = "."

  @Option(help: "Where the database, the site and the results go.")
  var output = ".build/bench"

  @Flag(help: "Fail when a build takes more than it may.")
  var check = false

  private var home: String {
    URL(filePath: output + "/site-database-\(clips)").path
  }

  func validate() throws {
    guard (1...999_999).contains(clips) else {
      throw ValidationError("--clips must be from 1 to 999999.")
    }
  }

  func run() async throws {
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    let cluster = PrivateCluster(home: home)
    var target = try await cluster.start()
    target.schema = "avu"
    do {
      try await measure(target)
    } catch {
      _ = try await cluster.stop()
      throw error
    }
    _ = try await cluster.stop()
  }

  private func measure(_ target: ConnectionTarget) async throws {
    let connection = try await Connection.connect(to: target)
    let stored = StoredCollection(SyntheticCollection(count: clips), as: "made-up")
    try await fill(stored, target, connection)
    let site = home + "/site"
    try? FileManager.default.removeItem(atPath: site)
    let program = MeasuredProgram(
      arguments: [
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/avu",
        "report", "build", "--output", site,
      ], environment: ["AVU_HOME": home, "AVU_SHARE": URL(filePath: share).path])
    var report = BenchReport(machine: Machine(), commit: Program.commit())
    var problems: [String] = []
    for (step, most) in Self.steps {
      if step == "1 % changed" {
        let changed = stride(from: 0, to: clips, by: 100).map { $0 }
        let take = Int.random(in: 1...1_000_000)
        try await stored.change(changed, take: take, on: connection)
      }
      let cost = try program.run(log: home + "/build.log")
      for (name, unit, value) in [
        ("\(step), \(clips) clips, s", "s", cost.seconds),
        ("\(step), time of all cores, s", "s", cost.work),
        ("\(step), memory, MB", "MB", Double(cost.memory) / 1e6),
      ] {
        report.rows.append(
          BenchReport.Row(
            name: name, unit: unit, better: "lower",
            threads: ProcessInfo.processInfo.activeProcessorCount, ours: Statistic([value]),
            peers: [:]))
      }
      print("\(step): \(cost.seconds) s, cores \(cost.work) s, \(cost.memory / 1_000_000) MB")
      if let most, cost.seconds > most { problems.append("\(step): more than \(most) s") }
      if cost.memory > Self.memory { problems.append("\(step): more than 300 MB") }
    }
    await connection.close()
    try report.json().write(to: URL(filePath: output + "/site-database.json"))
    print(report.table + "\nWritten to \(output)/site-database.json.")
    if check, !problems.isEmpty { throw BenchError.overBudget(problems) }
  }

  /// Fills an empty database; one that was filled before is used again.
  private func fill(
    _ stored: StoredCollection, _ target: ConnectionTarget, _ connection: Connection
  ) async throws {
    let mark = home + "/filled"
    if FileManager.default.fileExists(atPath: mark) { return }
    _ = try await Migrator(folder: share + "/migrations").migrate(
      schema: target.schema ?? "avu", on: connection)
    let pool = ConnectionPool(target: target, size: 2)
    let start = ContinuousClock.now
    try await stored.store(on: connection, PostgresJobQueue(pool: pool)) { count in
      if count % 10_000 == 0 { print("\(count) clips stored after \(start.duration(to: .now))") }
    }
    await pool.close()
    try await connection.execute("VACUUM ANALYZE")
    try Data().write(to: URL(filePath: mark))
  }
}
