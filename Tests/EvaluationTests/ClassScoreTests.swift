import Annotations
import Testing

@testable import Evaluation

struct ClassScoreTests {
  private let summary = MetricSummary(wordNet: nil, resamples: 50)

  private func mask(_ pixels: [UInt8]) -> RunLengthMask {
    RunLengthMask(BinaryMask(width: 2, height: 2, pixels: pixels))
  }

  private func truth(_ id: String, _ objects: [TrueObject]) throws -> ClipTruth {
    ClipTruth(
      id: try ClipID(id), frameTimes: [0.5], sounding: [true], captions: [[]], objects: [objects])
  }

  private func prediction(
    _ id: String, _ objects: [Prediction.SoundingObject], category: String? = nil
  ) throws -> Prediction {
    var prediction = try Sample.prediction(id, masks: [[1, 0, 1, 0]], caption: "", times: [0.5])
    prediction.frames[0].objects = objects
    prediction.frames[0].category = category
    return prediction
  }

  @Test func `each class of a frame has an IoU and an F-score, background too`() throws {
    let score = try ClipScorer.score(
      prediction(
        "a",
        [
          .init(category: "dog", score: 1, mask: mask([1, 1, 0, 0])),
          .init(category: "cat", score: 1, mask: mask([0, 0, 1, 0])),
        ]),
      against: truth("a", [.init(category: "dog", mask: mask([1, 0, 0, 0]))]))
    let classes = try #require(score.frames[0].classes)
    #expect(classes.map(\.name) == ["background", "cat", "dog"])
    #expect(classes.map(\.iou) == [1.0 / 3, 0, 0.5])
    // Dog: P = 1/2, R = 1; background: P = 1, R = 1/3.
    #expect(abs(classes[2].fScore - 1.3 * 0.5 / (0.15 + 1)) < 1e-12)
    #expect(abs(classes[0].fScore - 1.3 / 3 / (0.3 + 1.0 / 3)) < 1e-12)
  }

  @Test func `a class counts over the frames that have it, and the mean over classes`() throws {
    let dog = TrueObject(category: "dog", mask: mask([1, 0, 1, 0]))
    let scores = [
      try ClipScorer.score(prediction("a", [], category: "dog"), against: truth("a", [dog])),
      try ClipScorer.score(prediction("b", [], category: "cat"), against: truth("b", [dog])),
    ]
    let report = summary.report(of: scores)
    #expect(report.byClass.mapValues { $0.counts.frames } == ["background": 2, "cat": 1, "dog": 2])
    #expect(report.byClass["dog"]?.values["IoU"]?.value == 0.5)
    #expect(report.byClass["background"]?.values["IoU"]?.value == 1)
    let mean = try #require(report.overall.values["mIoU-classes"])
    #expect(abs(mean.value - 0.5) < 1e-12)
    #expect(mean.ci95?.count == 2)
    #expect(summary.report(of: scores.reversed()) == report)
    #expect(report.byClip["a"]?.values["mIoU-classes"]?.value == 1)
  }

  @Test func `silence and sounds from outside of the picture have rates of their own`() {
    func frame(audible: Bool?, predicted: Bool) -> FrameScore {
      FrameScore(
        time: 0, iou: nil, fScore: nil, truthSounding: false, truthAudible: audible,
        predictedSounding: predicted, references: [], hypothesis: "")
    }
    let values = summary.report(of: [
      ClipScore(
        clip: "a", category: nil,
        frames: [
          frame(audible: true, predicted: true), frame(audible: true, predicted: false),
          frame(audible: false, predicted: false), frame(audible: nil, predicted: false),
        ])
    ]).overall.values
    #expect(values["off-screen"]?.value == 0.5 && values["silence"]?.value == 1)
    #expect(values["presence"]?.value == 0.75)
    #expect(values["off-screen"]?.wilson95?.count == 2)
  }
}
