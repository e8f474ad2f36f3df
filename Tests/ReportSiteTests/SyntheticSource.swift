import Annotations
import Evaluation
import Foundation
import SyntheticData

@testable import ReportSite

/// Made-up collections as the records of a site.
struct SyntheticSource: ClipReportSource {
  let collections: [String: SyntheticCollection]
  private let numbers: [String: [ClipID: Int]]

  init(_ collections: [String: SyntheticCollection]) {
    self.collections = collections
    numbers = collections.mapValues { made in
      Dictionary(uniqueKeysWithValues: (0..<made.count).map { (made.id($0), $0) })
    }
  }

  var snapshot: SiteSnapshot {
    SiteSnapshot(
      title: "avu", generatedAt: SampleRecords.takenAt, softwareVersion: "avu 0.1.0",
      collections: collections.sorted { $0.key < $1.key }.map { name, made in
        CollectionSnapshot(name: name, clips: (0..<made.count).map(made.id))
      })
  }

  func reports(of clips: [ClipID], in collection: String) async throws -> [ClipReport] {
    guard let made = collections[collection], let numbers = numbers[collection] else { return [] }
    return clips.compactMap { numbers[$0] }.map { Self.report(made, $0, collection) }
  }

  private static func report(
    _ made: SyntheticCollection, _ clip: Int, _ collection: String
  ) -> ClipReport {
    var report = ClipReport(
      id: made.id(clip), collection: collection, location: nil, state: .waiting)
    switch made.state(clip) {
    case .waiting: break
    case .failed:
      report.state = .failed(
        reason: "The file is damaged.", kind: "failed", attempts: SampleRecords.attempts)
    case .done:
      report.state = .done
      report.prediction = made.prediction(clip)
      report.truth = made.truth(clip)
      report.score = made.score(clip)
      let overlaps = report.score?.frames.compactMap(\.iou) ?? []
      report.metrics = MetricSet(
        counts: MetricCounts(clips: 1, frames: overlaps.count, captions: 0),
        values: ["mIoU": MetricValue(overlaps.reduce(0, +) / Double(overlaps.count))])
    }
    return report
  }
}
