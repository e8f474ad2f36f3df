import Foundation
import SentenceMetrics
import Testing

@testable import Evaluation

/// Sets that do not fit into memory.
struct LargeSetTests {
  private let summary = MetricSummary(wordNet: nil, resamples: 40)

  private func scores(_ count: Int) -> [ClipScore] {
    (0..<count).map { number in
      let frames = (0..<3).map { index in
        let figure = Double((number * 31 + index * 7) % 100) / 100
        return FrameScore(
          time: Double(index), iou: figure, fScore: index == 2 ? nil : figure,
          wholeFrameF: index == 2 ? nil : 0.3, region: figure, boundary: figure,
          truthSounding: index < 2, predictedSounding: number % 5 > 0,
          references: index < 2 ? ["A dog number \(number % 17) barks at plan B."] : [],
          hypothesis: "A dog barks at number \(number % 13).",
          classes: [ClassScore(name: number % 2 == 0 ? "dog" : "cat", iou: figure, fScore: figure)])
      }
      return ClipScore(
        clip: "clip \(number * 7919 % count)", category: ["dog", "cat", nil][number % 3],
        frames: frames)
    }
  }

  private func report(_ scores: [ClipScore], _ summary: MetricSummary, memory: Int) throws
    -> MetricReport
  {
    var figures = MetricAccumulator(summary: summary, memory: memory)
    for score in scores { figures.add(score) }
    return try figures.report()
  }

  @Test(arguments: [1, 3])
  func `clips that go through files have the report of clips in memory`(_ batch: Int) throws {
    let summary = MetricSummary(meteor: .none, clipsPerBatch: batch, resamples: 40)
    let scores = scores(700)
    let expected = try report(scores, summary, memory: 1 << 30)
    #expect(try report(scores, summary, memory: 0) == expected)
    #expect(try report(scores.reversed(), summary, memory: 0) == expected)
    #expect(expected.overall.counts.clips == 700 && expected.byCategory.count == 2)
    #expect(expected.overall.values["mIoU-classes"]?.ci95?.count == 2)
  }

  @Test func `a report is read line by line, and other JSON of its content as a whole`() throws {
    let report = try report(scores(300), summary, memory: 0)
    let file = FileManager.default.temporaryDirectory.path + "/avu-report-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: file) }
    var data = Data()
    try report.write { data += $0 }
    try data.write(to: URL(fileURLWithPath: file))
    #expect(try MetricReport(contentsOf: file) == report)
    try JSONEncoder().encode(report).write(to: URL(fileURLWithPath: file))
    #expect(try MetricReport(contentsOf: file) == report)
    for text in ["", "{}", String(decoding: data.dropLast(9), as: UTF8.self)] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      #expect(throws: EvaluationError.self) { try MetricReport(contentsOf: file) }
    }
  }
}
