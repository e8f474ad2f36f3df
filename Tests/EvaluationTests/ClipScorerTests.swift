import Annotations
import Testing

@testable import Evaluation

struct ClipScorerTests {
  private static let left: [UInt8] = [1, 0, 1, 0]
  private static let none: [UInt8] = [0, 0, 0, 0]

  private func truth(times: [Double], masks: [[UInt8]?]) throws -> ClipTruth {
    ClipTruth(
      id: try ClipID("dog"), category: "dog barking", frameTimes: times,
      sounding: masks.map { $0 != Self.none }, captions: masks.map { _ in ["The dog barks."] },
      masks: masks.map { pixels in
        pixels.map { RunLengthMask(BinaryMask(width: 2, height: 2, pixels: $0)) }
      })
  }

  @Test func `each moment is compared with the nearest prediction`() throws {
    let prediction = try Sample.prediction(
      "dog", masks: [Self.none, Self.left, Self.none], caption: "A dog.", times: [0.1, 0.6, 1.4])
    let score = try ClipScorer.score(
      prediction, against: truth(times: [0.5, 1.5], masks: [Self.left, Self.none]))
    #expect(score.frames.map(\.predictedSounding) == [true, false])
    #expect(score.frames.allSatisfy { ($0.iou ?? 0) > 0.999 })
    #expect(score.problems.isEmpty)
  }

  @Test func `a moment without a near prediction is listed, not scored`() throws {
    let prediction = try Sample.prediction(
      "dog", masks: [Self.left], caption: "A dog.", times: [0.5])
    let score = try ClipScorer.score(
      prediction, against: truth(times: [0.5, 1.5, 2.5], masks: [Self.left, Self.left, Self.left]))
    #expect(score.frames.count == 1)
    #expect(score.problems.count == 1)
    #expect(score.problems[0].contains("1.5 s, 2.5 s"))
  }

  @Test func `an unknown mask is listed and its sentence still scored`() throws {
    let prediction = try Sample.prediction(
      "dog", masks: [Self.left, Self.left], caption: "A dog.", times: [0.5, 1.5])
    let score = try ClipScorer.score(
      prediction, against: truth(times: [0.5, 1.5], masks: [nil, Self.left]))
    #expect(score.frames.map { $0.iou == nil } == [true, false])
    #expect(score.frames[0].hypothesis == "A dog.")
    #expect(score.problems.count == 1)
  }

  @Test func `a prediction without frames leaves nothing scored`() throws {
    let prediction = try Sample.prediction("dog", masks: [], caption: "", times: [])
    let score = try ClipScorer.score(
      prediction, against: truth(times: [0.5], masks: [Self.left]))
    #expect(score.frames.isEmpty)
    let report = MetricSummary(wordNet: nil, resamples: 10).report(of: [score])
    #expect(report.overall.counts.clips == 0)
    #expect(report.overall.values.isEmpty)
    #expect(report.unscored.count == 2)
  }

  @Test func `a corrupt mask and lists that are not parallel are errors`() throws {
    var prediction = try Sample.prediction(
      "dog", masks: [Self.left], caption: "A dog.", times: [0.5])
    var truth = try truth(times: [0.5], masks: [Self.left])
    prediction.frames[0].mask = RunLengthMask(height: 2, width: 2, counts: "9")
    #expect(throws: EvaluationError.self) { try ClipScorer.score(prediction, against: truth) }
    truth.captions = []
    #expect(throws: EvaluationError.self) { try ClipScorer.score(prediction, against: truth) }
  }

  @Test(
    arguments: [
      ([0.5, 1.5, 2.5], [0.5, 1.5, 2.5], [0, 1, 2]),
      ([0.5, 1.5, 2.5], [0.5, 1.4, 2.0, 2.9], [0, 1, 3]),
      ([0.5, 1.5], [2.1, 3.0], [nil, nil]),
      ([0.5, 1.5], [], [nil, nil]),
      ([], [0.5], []),
      ([0.7], [0.5, 1.5], [0]),
      ([0.5], [1.2], [nil]),
    ] as [([Double], [Double], [Int?])])
  func `moments match within half a step`(
    _ truth: [Double], _ prediction: [Double], _ expected: [Int?]
  ) {
    #expect(FrameMatching.matches(truth: truth, prediction: prediction) == expected)
  }
}
