import Annotations
import SentenceMetrics
import Testing

@testable import Evaluation

struct StoredMaskTests {
  private struct Golden: Decodable {
    let clips: [[Frame]]
    let meanIoU1: Double
    let bestFScore1: Double
    let meanIoU2: Double
    let bestFScore2: Double
    let meanIoU5: Double
    let bestFScore5: Double
  }

  private struct Frame: Decodable {
    let height: Int
    let width: Int
    let guess: String
    let truth: String
    let region: Double
    let boundary: Double

    func mask(_ bits: String) -> BinaryMask {
      let pixels = bits.compactMap(\.hexDigitValue).flatMap { digit in
        (0..<4).map { UInt8(digit >> (3 - $0) & 1) }
      }
      return BinaryMask(
        width: width, height: height, pixels: Array(pixels.prefix(width * height)))
    }
  }

  private let golden: Golden

  init() throws { golden = try EvaluationTests.Golden.read("stored-masks") }

  /// The clips as they are scored from a prediction and its truth.
  private func scores() throws -> [ClipScore] {
    try golden.clips.enumerated().map { index, frames in
      let times = frames.indices.map { Double($0) + 0.5 }
      let truth = ClipTruth(
        id: try ClipID("clip\(index)"), frameTimes: times, sounding: frames.map { _ in true },
        captions: frames.map { _ in [] },
        masks: frames.map { RunLengthMask($0.mask($0.truth)) })
      var prediction = try Sample.prediction(
        "clip\(index)", masks: frames.map { _ in [0, 0, 0, 0] }, caption: "", times: times)
      for (place, frame) in frames.enumerated() {
        prediction.frames[place].mask = RunLengthMask(frame.mask(frame.guess))
      }
      return try ClipScorer.score(prediction, against: truth)
    }
  }

  @Test func `region and boundary of each frame are DAVIS's`() throws {
    for (clip, frames) in zip(try scores(), golden.clips) {
      for (score, frame) in zip(clip.frames, frames) {
        #expect(abs((score.region ?? -1) - frame.region) <= 1e-9)
        #expect(abs((score.boundary ?? -1) - frame.boundary) <= 1e-9)
      }
    }
  }

  @Test func `batches of stored masks have the figures of AVSBench's thresholds`() throws {
    let clips = try scores().map(\.frames)
    for (size, iou, fScore) in [
      (1, golden.meanIoU1, golden.bestFScore1), (2, golden.meanIoU2, golden.bestFScore2),
      (5, golden.meanIoU5, golden.bestFScore5),
    ] {
      let score = try #require(BatchScore(clips: clips, clipsPerBatch: size))
      #expect(abs(score.meanIoU - iou) <= 1e-6, "\(size) clips a batch")
      #expect(abs(score.bestFScore - fScore) <= 1e-6, "\(size) clips a batch")
    }
  }

  @Test func `a report tells the variants of mask figures apart`() throws {
    let report = MetricSummary(wordNet: nil, resamples: 10).report(of: try scores())
    let values = report.overall.values
    #expect(abs((values["AVSBench-M_F"]?.value ?? -1) - golden.bestFScore1) <= 1e-6)
    #expect(abs((values["AVSBench-M_J"]?.value ?? -1) - golden.meanIoU1) <= 1e-6)
    #expect(values["AVSBench-M_F"]?.value != values["F-score"]?.value)
    #expect(values["DAVIS-J"]?.value != values["mIoU"]?.value)
    for name in ["AVSBench-M_J", "AVSBench-M_F", "DAVIS-J", "DAVIS-F", "DAVIS-J&F", "F-score"] {
      #expect(values[name]?.ci95?.count == 2, "\(name)")
      #expect(report.signature[name] != nil, "\(name)")
    }
    let pairs = MetricSummary(meteor: .none, clipsPerBatch: 2, resamples: 10)
      .report(of: try scores())
    #expect(abs((pairs.overall.values["AVSBench-M_F"]?.value ?? -1) - golden.bestFScore2) <= 1e-6)
    #expect(pairs.signature["AVSBench-M_F"] != report.signature["AVSBench-M_F"])
  }

  @Test func `where the whole frame is true the whole frame is the better prediction`() throws {
    let truth = BinaryMask(width: 2, height: 2, pixels: [1, 1, 1, 0])
    let score = MaskScore(prediction: BinaryMask(emptyOfWidth: 2, height: 2), truth: truth)
    let frame = FrameScore(
      time: 0, iou: score.iou, fScore: score.fScore, wholeFrameF: score.wholeFrameF,
      truthSounding: true, predictedSounding: false, references: [], hypothesis: "")
    let batch = try #require(BatchScore(clips: [[frame]]))
    #expect(abs(batch.bestFScore - 1.3 * 0.75 / (0.3 * 0.75 + 1)) < 1e-9)
  }

  @Test func `scores of earlier versions have no M_F`() {
    let frame = FrameScore(
      time: 0, iou: 1, fScore: 1, truthSounding: true, predictedSounding: true, references: [],
      hypothesis: "")
    #expect(BatchScore(clips: [[frame]]) == nil)
    #expect(BatchScore(clips: []) == nil)
  }

  @Test func `empty masks agree and an absent one does not`() {
    let empty = BinaryMask(emptyOfWidth: 8, height: 8)
    let full = BinaryMask(width: 8, height: 8, pixels: [UInt8](repeating: 1, count: 64))
    let silent = BoundaryScore(prediction: empty, truth: empty)
    #expect(silent.region == 1 && silent.boundary == 1)
    // A mask of the whole frame has no boundary inside it.
    let missed = BoundaryScore(prediction: empty, truth: full)
    #expect(missed.region == 0 && missed.boundary == 1)
    var dot = [UInt8](repeating: 0, count: 64)
    dot[27] = 1
    let wrong = BoundaryScore(
      prediction: BinaryMask(width: 8, height: 8, pixels: dot), truth: empty)
    #expect(wrong.region == 0 && wrong.boundary == 0)
  }
}
