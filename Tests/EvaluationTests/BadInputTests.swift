import Annotations
import Foundation
import Testing

@testable import Evaluation

/// What people's files hold beside what they should.
struct BadInputTests {
  private let dataset: TemporaryDataset

  init() throws { dataset = try TemporaryDataset() }

  private let summary = MetricSummary(wordNet: nil, resamples: 20)

  private func evaluate(isStrict: Bool = false) throws -> MetricReport {
    try dataset.report(FolderEvaluation(summary: summary, isStrict: isStrict))
  }

  /// The mask whose left half is set, in kinds of PNG other than 8-bit grey.
  private static let kinds: [(String, [UInt8])] = [
    ("16-bit grey", png(depth: 16, kind: 0, left: [255, 255], right: [0, 0])),
    ("16-bit grey of 0 and 1", png(depth: 16, kind: 0, left: [0, 1], right: [0, 0])),
    (
      "16-bit colour of small values",
      png(depth: 16, kind: 2, left: [0, 0, 0, 2, 0, 0], right: [0, 0, 0, 0, 0, 0])
    ),
    ("white that cannot be seen", png(depth: 8, kind: 4, left: [255, 255], right: [255, 0])),
    ("grey with alpha", png(depth: 8, kind: 4, left: [255, 255], right: [0, 255])),
    ("colour", png(depth: 8, kind: 2, left: [255, 255, 255], right: [0, 0, 0])),
    (
      "colour with alpha",
      png(depth: 8, kind: 6, left: [255, 255, 255, 255], right: [0, 0, 0, 255])
    ),
    ("palette", png(depth: 8, kind: 3, left: [1], right: [0], palette: [0, 0, 0, 255, 255, 255])),
  ]

  private static func png(
    depth: UInt8, kind: UInt8, left: [UInt8], right: [UInt8], palette: [UInt8] = []
  ) -> [UInt8] {
    GrayPNG.bytes(
      width: 2, height: 2, depth: depth, kind: kind, samples: left + right + left + right,
      palette: palette)
  }

  @Test(arguments: kinds)
  func `a mask in another kind of PNG is read as what it shows`(
    _ name: String, _ bytes: [UInt8]
  ) throws {
    try dataset.addTruth("a")
    try dataset.addPrediction("a")
    try dataset.write(bytes, to: "truth/a/masks/00000.png")
    let report = try evaluate()
    #expect(report.unscored.isEmpty, "\(name)")
    #expect((report.overall.values["mIoU"]?.value ?? 0) > 0.999, "\(name)")
  }

  @Test func `a damaged mask is listed, has no part in the figures, and stops a strict run`() throws
  {
    for name in ["a", "b"] {
      try dataset.addTruth(name)
      try dataset.addPrediction(name)
    }
    var bytes = GrayPNG.bytes(width: 2, height: 2, pixels: [255, 0, 255, 0])
    bytes[bytes.count - 20] ^= 0xFF
    try dataset.write(Array(bytes.dropLast(16)), to: "truth/b/masks/00000.png")
    let report = try evaluate()
    #expect(report.unscored.map(\.clip) == ["b"])
    #expect(report.unscored[0].reason.contains("00000.png"))
    #expect(report.overall.counts.clips == 1)
    #expect((report.overall.values["mIoU"]?.value ?? 0) > 0.999)
    let error = #expect(throws: EvaluationError.self) { try evaluate(isStrict: true) }
    #expect(error?.description.contains("00000.png") == true)
  }

  @Test func `a strict run stops at a prediction of an unknown clip and at a missing moment`()
    throws
  {
    try dataset.addTruth("a")
    try dataset.addPrediction("a")
    try dataset.addPrediction("stranger")
    let unknown = #expect(throws: EvaluationError.self) { try evaluate(isStrict: true) }
    #expect(unknown?.description.contains("stranger") == true)
    try FileManager.default.removeItem(atPath: dataset.predictions + "/stranger")
    try dataset.addPrediction("a", masks: [[1, 0, 1, 0]], times: [0.5])
    let missing = #expect(throws: EvaluationError.self) { try evaluate(isStrict: true) }
    #expect(missing?.description.contains("1.5 s") == true)
    #expect(try evaluate().unscored.count == 1)
  }

  @Test func `frames that are not in order of time are listed, not guessed at`() throws {
    for name in ["a", "b"] {
      try dataset.addTruth(name)
      try dataset.addPrediction(name)
    }
    try dataset.addPrediction("b", masks: [[0, 0, 0, 0], [1, 0, 1, 0]], times: [1.5, 0.5])
    let report = try evaluate()
    #expect(report.unscored.map(\.clip) == ["b"])
    #expect(report.unscored.first?.reason.contains("does not come after") == true)
    #expect((report.overall.values["mIoU"]?.value ?? 0) > 0.999)
    #expect(throws: EvaluationError.self) { try evaluate(isStrict: true) }
  }

  @Test func `a truth without sentences has figures of masks alone, and blank ones count as none`()
    throws
  {
    for captions in ["", #", "captions": [null, null]"#, #", "captions": [["", "  "], ""]"#] {
      try dataset.addTruth("a")
      try dataset.write(
        #"{"id": "a", "frame_times": [0.5, 1.5], "sounding": [true, false]\#(captions)}"#,
        to: "truth/a/annotation.json")
      try dataset.addPrediction("a")
      let report = try evaluate()
      #expect(report.unscored.isEmpty && report.overall.counts.captions == 0)
      #expect(report.overall.values["BLEU-4"] == nil)
      #expect((report.overall.values["mIoU"]?.value ?? 0) > 0.999)
    }
  }

  @Test func `an empty prediction of a sentence is a wrong one, and scored as the reference does`()
    throws
  {
    try dataset.addTruth("a")
    try dataset.addPrediction("a", caption: "")
    let report = try evaluate()
    #expect(report.unscored.isEmpty && report.overall.counts.captions == 1)
    #expect(report.overall.values["ROUGE-L"]?.value == 0)
  }

  @Test func `thousands of clips come in any order, and what fails among them is listed`() throws {
    var figures = MetricAccumulator(summary: summary)
    let count = 3000
    for number in (0..<count).reversed() {
      let frame = FrameScore(
        time: 0, iou: Double(number % 2), fScore: nil, truthSounding: true,
        predictedSounding: true, references: ["dog \(number % 7)"],
        hypothesis: "dog \(number % 5)")
      let isEmpty = number % 1000 == 0
      figures.add(
        ClipScore(
          clip: "clip-\(number)", category: "c\(number % 3)", frames: isEmpty ? [] : [frame]))
    }
    let report = try figures.report()
    #expect(report.overall.counts == MetricCounts(clips: 2997, frames: 2997, captions: 2997))
    #expect(report.unscored.map(\.clip) == ["clip-0", "clip-1000", "clip-2000"])
    #expect(report.overall.values["mIoU"]?.value == 1500.0 / 2997)
    #expect(report.overall.values["mIoU"]?.median == 1)
    #expect(report.byCategory.values.reduce(0) { $0 + $1.counts.clips } == 2997)
    #expect(report.byClip["clip-35"]?.values["ROUGE-L"]?.value == 1)
    #expect(report.byClip["clip-0"] == nil && report.byClip["clip-9999"] == nil)
  }

  @Test func `one clip has figures, medians and intervals of rates, but no bootstrap`() throws {
    try dataset.addTruth("a")
    try dataset.addPrediction("a")
    let report = try evaluate()
    #expect(report.overall.values.values.allSatisfy { $0.ci95 == nil && $0.median == nil })
    #expect(report.overall.values["presence"]?.wilson95?.count == 2)
  }

  @Test func `no prediction at all leaves no figure`() throws {
    try dataset.addTruth("a")
    try FileManager.default.createDirectory(
      atPath: dataset.predictions, withIntermediateDirectories: true)
    let report = try evaluate()
    #expect(report.overall.values.isEmpty && report.unscored.map(\.clip) == ["a"])
    #expect(throws: EvaluationError.self) { try evaluate(isStrict: true) }
  }

  @Test func `of two folders of one clip the first counts, and strictly none`() throws {
    try dataset.addTruth("a")
    try dataset.addTruth("b", id: "a")
    try dataset.addPrediction("a")
    let report = try evaluate()
    #expect(report.overall.counts.clips == 1)
    #expect(report.unscored.map(\.clip) == ["b"])
    #expect(report.unscored[0].reason.contains("/truth/a and "))
    #expect(throws: EvaluationError.self) { try evaluate(isStrict: true) }
  }

  @Test(arguments: [
    "الكلب ينبح، والرجل يعزف؟", "הכלב נובח. עִבְרִית", "犬が吠える。", "🐶 barks 👩‍👩‍👧‍👦", "e\u{301}te\u{301}",
    "…", "\u{202E}gnikrab si god ehT", "1 1/2", "\u{FEFF}The dog", "a\u{0}b",
  ])
  func `any script scores fully against itself and finitely against another`(
    _ text: String
  ) throws {
    let file = try CaptionFile(
      references: ["1": [text], "2": ["The dog is barking."]], hypotheses: ["1": text, "2": text],
      name: "f")
    let report = try CaptionScoring.report(of: file, summary: summary)
    #expect(report.byClip["1"]?.values["ROUGE-L"]?.value == 1)
    #expect(report.overall.values.values.allSatisfy { $0.value.isFinite && $0.value >= 0 })
  }

  @Test func `what is wrong with a mask is one sentence with one period`() throws {
    try dataset.addTruth("a")
    try dataset.addPrediction("a")
    try dataset.write("no picture", to: "truth/a/masks/00000.png")
    try dataset.addTruth("b")
    try dataset.addPrediction("b")
    try dataset.addMask("truth/b/masks/00001.png", [0, 0, 0, 0, 0, 0], width: 3)
    for entry in try evaluate().unscored {
      #expect(entry.reason.hasSuffix(".") && !entry.reason.hasSuffix(".."), "\(entry.reason)")
    }
  }

  @Test func `a strict scoring of sentences stops where an id has no partner`() throws {
    let file = try CaptionFile(
      references: ["1": ["a"], "2": ["b"]], hypotheses: ["1": "a"], name: "f.json")
    #expect(try CaptionScoring.report(of: file, summary: summary).unscored.count == 1)
    let error = #expect(throws: EvaluationError.self) {
      try CaptionScoring.report(of: file, isStrict: true, summary: summary)
    }
    #expect(error?.description.contains("“2” of f.json") == true)
  }
}
