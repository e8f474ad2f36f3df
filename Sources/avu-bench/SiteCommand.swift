import ArgumentParser
import Foundation
import SyntheticData

/// The generator of sites beside Hugo: pages of the same made-up clips.
struct SiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "site", abstract: "Time the generator of sites beside Hugo.",
    discussion: """
      Both write a new site each time, in turns: for each clip the same page, its JSON twin and \
      its sentences. avu makes records up and works out what a page says; Hugo is given that, one \
      file of data for each page, and copies twin and sentences. Lists, dashboards and the index \
      of clips are written by avu only.

      EXAMPLES:
        avu-bench site
        avu-bench site --clips 1000 --runs 3
      """)

  @Option(help: "How many clips have a page, with ten moments each.")
  var clips = 10_000

  @Option(help: "Hugo; “make bench-peers” installs it.")
  var hugo = "hugo"

  @Option(help: "Where sites and results go.")
  var output = ".build/bench"

  @Option(help: "Measured rounds; one more comes before them.")
  var runs = 5

  func validate() throws {
    guard runs >= 1, (1...999_999).contains(clips) else {
      throw ValidationError("--runs and --clips must be at least 1, --clips less than a million.")
    }
  }

  func run() throws {
    let (own, theirs) = (output + "/site", output + "/hugo")
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    var report = BenchReport(machine: Machine(), commit: Program.commit())
    let version = try? Program.output(of: "/usr/bin/env", [hugo, "version"])
    if version == nil { report.absent.append("Hugo: not installed, see “make bench-peers”") }
    let ours = MeasuredProgram(arguments: [
      CommandLine.arguments[0], "site-pages", "--clips", "\(clips)", "--output", own,
    ])
    let peer = MeasuredProgram(arguments: [hugo, "--source", theirs, "--quiet"])
    if version != nil {
      try? FileManager.default.removeItem(atPath: own)
      _ = try ours.run(log: output + "/site.log")
      try HugoSite(folder: theirs, own: own, assets: "public")
        .write(SyntheticCollection(count: clips))
    }
    var (costs, peers): ([MeasuredProgram.Cost], [MeasuredProgram.Cost]) = ([], [])
    for run in 0...runs {
      try? FileManager.default.removeItem(atPath: own)
      let cost = try ours.run(log: output + "/site.log")
      if run > 0 { costs.append(cost) }
      guard version != nil else { continue }
      try? FileManager.default.removeItem(atPath: theirs + "/public")
      let other = try peer.run(log: output + "/hugo.log")
      if run > 0 { peers.append(other) }
    }
    let name = version.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } ?? ""
    let threads = ProcessInfo.processInfo.activeProcessorCount
    for (what, unit, value) in [
      ("\(clips) pages", "s", { (cost: MeasuredProgram.Cost) in cost.seconds }),
      ("time of all cores", "s", { $0.work }), ("memory in MB", "MB", { Double($0.memory) / 1e6 }),
    ] {
      report.rows.append(
        BenchReport.Row(
          name: what, unit: unit, better: "lower", threads: threads,
          ours: Statistic(costs.map(value)),
          peers: version == nil ? [:] : [name: Statistic(peers.map(value))]))
    }
    if version != nil {
      report.agreement[name] = "a page has \(try Self.pageSizes(own, theirs))"
    }
    print(report.table)
    try report.json().write(to: URL(filePath: output + "/site.json"))
    print("Written to \(output)/site.json.")
  }

  /// How large the page of one clip is on both sites.
  private static func pageSizes(_ own: String, _ theirs: String) throws -> String {
    let size = { (path: String) in
      try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }
    let ours = try size(own + "/collections/made-up/clips/clip-000001/index.html")
    return "\(try size(theirs + "/public/clips/clip-000001/index.html")) bytes, ours \(ours)"
  }
}
