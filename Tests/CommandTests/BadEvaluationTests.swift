import Foundation
import Testing

/// What is wrong with single clips, as `avu evaluate` says it.
struct BadEvaluationTests {
  private let files: ClipFiles

  init() throws { files = try ClipFiles() }

  private func evaluate(
    _ options: String...
  ) async throws -> (status: Int32, output: String, error: String) {
    try await Program.run(
      ["evaluate", "--truth", files.truth, "--predictions", files.predictions] + options)
  }

  private func change(_ file: String, _ text: String, to other: String) throws {
    let old = try String(contentsOfFile: files.path + "/" + file, encoding: .utf8)
    try #require(old.contains(text), "\(file) has no \(text)")
    try files.write(old.replacing(text, with: other), to: file)
  }

  @Test func `each clip that cannot be scored is listed with its reason, and the others count`()
    async throws
  {
    for name in ["good", "nan", "cut", "unsorted", "twice", "other"] {
      try files.addTruth(name)
      try files.addPrediction(name)
    }
    try change("predictions/nan/prediction.json", "0.9", to: "NaN")
    try files.write("{\"format\":1,", to: "predictions/cut/prediction.json")
    try change("truth/unsorted/annotation.json", "[0.5,1.5]", to: "[1.5,0.5]")
    let copy = try String(contentsOfFile: files.truth + "/twice/annotation.json", encoding: .utf8)
    try files.write(copy, to: "truth/zz/annotation.json")
    try files.addPrediction("stranger")
    let result = try await evaluate("--json")
    #expect(result.status == 3)
    let report = try MetricDocument(result.output)
    #expect(report.unscored.map(\.clip) == ["cut", "nan", "stranger", "unsorted", "zz"])
    #expect(report.n.clips == 3 && abs((report.overall.iou?.value ?? 0) - 1) < 1e-6)
    for words in [
      "nan/prediction.json cannot be read", "cut/prediction.json cannot be read",
      "“frame_times” does not come after", "is in both", "without ground truth",
    ] {
      #expect(result.error.contains(words), "\(words): \(result.error)")
    }
    let strict = try await evaluate("--strict")
    #expect(strict.status == 2 && strict.output.isEmpty)
    #expect(strict.error.hasPrefix("avu: ") && strict.error.split(separator: "\n").count == 1)
  }

  @Test func `text from right to left, faces and no text at all are sentences like others`()
    async throws
  {
    let captions = ["right": "הכלב נובח \u{202E}🐕", "face": "👩‍👩‍👧 🎻", "none": "", "blank": " \n "]
    for (name, caption) in captions {
      try files.addTruth(name)
      try files.addPrediction(name, caption: caption)
    }
    let result = try await evaluate()
    #expect(result.status == 0, "\(result.error)")
    #expect(!result.output.contains("\u{202E}"))
    let figures = try await evaluate("--json")
    let report = try MetricDocument(figures.output)
    #expect(report.n.captions == 4 && report.overall.bleu.map { $0.value < 1e-6 } == true)
  }

  @Test func `one clip has figures, and no clip is an error`() async throws {
    try files.addTruth("one")
    try files.addPrediction("one")
    let one = try await evaluate("--json")
    #expect(one.status == 0)
    #expect(try MetricDocument(one.output).overall.iou?.ci95 == nil)
    try FileManager.default.removeItem(atPath: files.truth + "/one")
    let none = try await evaluate("--json")
    #expect(none.status == 2 && none.output.isEmpty)
    #expect(none.error.contains("holds no clip folders"))
  }

  @Test func `an unknown figure is refused with the list of those there are`() async throws {
    try files.addTruth("one")
    try files.addPrediction("one")
    let report = files.path + "/report.json"
    let written = try await evaluate("--output", report)
    #expect(written.status == 0)
    let wrong = try await Program.run(["metrics", "compare", report, report, "--metric", "nosuch"])
    #expect(wrong.status == 2)
    #expect(wrong.error.contains("“nosuch”") && wrong.error.contains("mIoU, mIoU-sounding"))
    let right = try await Program.run(
      ["metrics", "compare", report, report, "--metric", "miou,ROUGE-L"])
    #expect(right.status == 0 && right.output.contains("ROUGE-L"), "\(right.error)")
  }
}
