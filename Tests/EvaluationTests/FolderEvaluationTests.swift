import Annotations
import Foundation
import Testing

@testable import Evaluation

struct FolderEvaluationTests {
  private let files: TemporaryDataset
  private let summary = MetricSummary(wordNet: nil, resamples: 50)

  init() throws { files = try TemporaryDataset() }

  @Test func `perfect predictions score 1`() throws {
    for name in ["a", "b", "c"] {
      try files.addTruth(name)
      try files.addPrediction(name)
    }
    let report = try FolderEvaluation.evaluate(
      truth: files.truth, predictions: files.predictions, summary: summary
    ).report
    for name in ["mIoU", "mIoU-sounding", "F-score", "presence", "silence", "BLEU-1", "ROUGE-L"] {
      let value = try #require(report.overall.values[name])
      #expect(abs(value.value - 1) < 1e-6, "\(name)")
    }
    #expect(report.overall.counts == MetricCounts(clips: 3, frames: 6, captions: 3))
    #expect(report.unscored.isEmpty)
  }

  @Test func `what cannot be scored is listed and does not lower the figures`() throws {
    try files.addTruth("good")
    try files.addPrediction("good")
    try files.addTruth("no prediction")
    try files.addTruth("broken")
    try files.write("{", to: "predictions/broken/prediction.json")
    try files.addTruth("no mask")
    try files.addPrediction("no mask")
    try FileManager.default.removeItem(atPath: files.truth + "/no mask/masks/00000.png")
    try files.addPrediction("unknown")
    let report = try FolderEvaluation.evaluate(
      truth: files.truth, predictions: files.predictions, summary: summary
    ).report
    #expect(report.unscored.map(\.clip) == ["broken", "no mask", "no prediction", "unknown"])
    #expect(report.byClip.keys.sorted() == ["good"])
    #expect((report.overall.values["mIoU"]?.value ?? 0) > 0.999)
  }

  @Test func `a strict evaluation stops at the first problem`() throws {
    try files.addTruth("a")
    try FileManager.default.createDirectory(
      atPath: files.predictions, withIntermediateDirectories: true)
    #expect(throws: EvaluationError.self) {
      try FolderEvaluation.evaluate(
        truth: files.truth, predictions: files.predictions, isStrict: true, summary: summary)
    }
  }
}
