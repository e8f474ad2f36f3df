import Annotations
import ArgumentParser
import Evaluation
import Foundation
import ReportSite
import SyntheticData

/// One build of a made-up site, as a process of its own so that its memory can be measured.
struct SitePagesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "site-pages", abstract: "Build the site of a made-up collection.",
    discussion: """
      EXAMPLES:
        avu-bench site-pages --clips 100000 --output /tmp/site
      """)

  @Option(help: "How many clips have a page.")
  var clips = 10_000

  @Option(help: "Looked-at moments of each clip.")
  var frames = 10

  @Option(help: "The site's folder.")
  var output: String

  @Option(help: "The folder with templates and public.")
  var share = "."

  func run() async throws {
    let made = SyntheticCollection(count: clips, frames: frames)
    let source = MadeUpRecords(made: made)
    _ = try await SiteGenerator(
      templates: share + "/templates", assets: share + "/public", output: output
    ).build(source.snapshot, source: source)
  }
}

/// The records of a made-up collection, made when they are asked for.
struct MadeUpRecords: ClipReportSource {
  static let collection = "made-up"

  let made: SyntheticCollection

  /// A site of nothing else.
  var snapshot: SiteSnapshot {
    SiteSnapshot(
      title: "avu", generatedAt: Date(timeIntervalSince1970: 1_790_000_000),
      softwareVersion: "avu-bench",
      collections: [
        CollectionSnapshot(
          name: Self.collection, clips: (0..<made.count).map(made.id),
          revisions: (0..<made.count).map { "\($0)" })
      ])
  }

  func reports(of clips: [ClipID], in collection: String) async throws -> [ClipReport] {
    clips.map { report(made.number($0)) }
  }

  /// The record of a clip.
  func report(_ clip: Int) -> ClipReport {
    let state = made.state(clip)
    let reason = ClipReport.State.failed(
      reason: "The file is damaged.", kind: "failed", attempts: [])
    return ClipReport(
      id: made.id(clip), collection: Self.collection, location: nil,
      state: state == .done ? .done : state == .failed ? reason : .waiting,
      prediction: made.prediction(clip), truth: made.truth(clip), score: made.score(clip),
      metrics: made.score(clip).map(Self.figures))
  }

  /// The figures of a clip's masks.
  static func figures(_ score: ClipScore) -> MetricSet {
    let overlaps = score.frames.compactMap(\.iou)
    let shares = score.frames.compactMap(\.fScore)
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(max(1, values.count)) }
    return MetricSet(
      counts: MetricCounts(clips: 1, frames: overlaps.count, captions: 0),
      values: ["mIoU": MetricValue(mean(overlaps)), "F-score": MetricValue(mean(shares))])
  }
}
