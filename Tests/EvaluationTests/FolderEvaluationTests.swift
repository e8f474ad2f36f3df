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
    let report = try files.report(FolderEvaluation(summary: summary))
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
    let report = try files.report(FolderEvaluation(summary: summary))
    #expect(report.unscored.map(\.clip) == ["broken", "no mask", "no prediction", "unknown"])
    #expect(report.byClip.keys.sorted() == ["good"])
    #expect((report.overall.values["mIoU"]?.value ?? 0) > 0.999)
  }

  @Test func `a strict evaluation stops at the first problem`() throws {
    try files.addTruth("a")
    try FileManager.default.createDirectory(
      atPath: files.predictions, withIntermediateDirectories: true)
    #expect(throws: EvaluationError.self) {
      try files.report(FolderEvaluation(summary: summary, isStrict: true))
    }
  }

  @Test func `the report is the same on any number of threads, with and without kept scores`()
    throws
  {
    for number in 0..<9 {
      try files.addTruth("clip\(number)")
      try files.addPrediction(
        "clip\(number)", masks: [number % 2 == 0 ? [1, 0, 1, 0] : [1, 0, 0, 0], [0, 0, 0, 0]])
    }
    let cache = ScoreCache(folder: files.path + "/scores")
    let plain = try files.report(FolderEvaluation(summary: summary, threads: 1))
    for evaluation in [
      FolderEvaluation(summary: summary, threads: 7),
      FolderEvaluation(summary: summary, threads: 2, cache: cache),
      FolderEvaluation(summary: summary, threads: 3, cache: cache),
    ] {
      #expect(try files.report(evaluation) == plain)
    }
  }

  @Test func `a kept score is used until the truth or the prediction changes`() throws {
    try files.addTruth("a")
    try files.addPrediction("a")
    let evaluation = FolderEvaluation(
      summary: summary, cache: ScoreCache(folder: files.path + "/scores"))
    func iou() throws -> Double? {
      try files.report(evaluation).overall.values["mIoU"].map { ($0.value * 100).rounded() / 100 }
    }
    #expect(try iou() == 1)
    // What is kept is believed: a score that nobody computed is found again.
    let kept = try #require(
      FileManager.default.subpathsOfDirectory(atPath: files.path + "/scores").first {
        $0.hasSuffix(".json")
      })
    var score = try JSONDecoder().decode(
      ClipScore.self, from: Data(contentsOf: URL(fileURLWithPath: "\(files.path)/scores/\(kept)")))
    score.frames[0].iou = 0
    try files.write(Array(try JSONEncoder().encode(score)), to: "scores/\(kept)")
    #expect(try iou() == 0.5)
    try files.addPrediction("a", masks: [[1, 0, 0, 0], [0, 0, 0, 0]])
    #expect(try iou() == 0.75)
    try files.addMask("truth/a/masks/00000.png", [255, 0, 0, 0])
    #expect(try iou() == 1)
    try files.write("{", to: "scores/\(kept)")
    try files.addMask("truth/a/masks/00000.png", [255, 0, 255, 0])
    try files.addPrediction("a")
    #expect(try iou() == 1)
  }

  @Test func `a split takes part alone, and one that is not known is refused`() throws {
    for name in ["a", "b"] {
      try files.addTruth(name)
      try files.addPrediction(name)
    }
    try files.write(#"{"splits": {"test": ["a"]}}"#, to: "truth/dataset.json")
    let dataset = try DatasetFolder(path: files.truth)
    let predictions = try PredictionFolder(path: files.predictions)
    let evaluation = FolderEvaluation(summary: summary)
    let report = try evaluation.report(of: dataset, split: "test", answers: predictions)
    #expect(report.byClip.keys.sorted() == ["a"] && report.unscored.isEmpty)
    let error = #expect(throws: EvaluationError.self) {
      try evaluation.report(of: dataset, split: "val", answers: predictions)
    }
    #expect(error?.description.contains("it has: test") == true)
  }
}
