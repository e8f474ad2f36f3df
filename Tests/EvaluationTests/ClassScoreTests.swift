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

/// AVSBench-semantic's figures of a whole set, by its own formula.
struct SemanticSetTests {
  private struct Golden: Decodable {
    struct Frame: Decodable {
      let guess: [[UInt8]]
      let truth: [[UInt8]]
    }
    let clips: [[Frame]]
    let frames: [Int]
    let iou: [Double]
    let fScore: [Double]
    let meanIoU: Double
    let meanFScore: Double
    let allClasses: [Double]
  }

  private static let names = ["background", "bell", "cat", "dog", "erhu", "flute"]

  /// The masks of the classes of a label map.
  private func masks(_ map: [[UInt8]]) -> [(category: String, mask: RunLengthMask)] {
    let labels = Array(map.joined())
    return Set(labels).subtracting([0]).sorted().map { number in
      let mask = BinaryMask(
        width: map[0].count, height: map.count, pixels: labels.map { $0 == number ? 1 : 0 })
      return (Self.names[Int(number)], RunLengthMask(mask))
    }
  }

  private func score(_ id: String, _ frames: [Golden.Frame]) throws -> ClipScore {
    let times = frames.indices.map { Double($0) + 0.5 }
    let truth = ClipTruth(
      id: try ClipID(id), frameTimes: times, sounding: frames.map { !masks($0.truth).isEmpty },
      captions: frames.map { _ in [] },
      objects: frames.map {
        masks($0.truth).map { TrueObject(category: $0.category, mask: $0.mask) }
      })
    var prediction = try Sample.prediction(
      id, masks: frames.map { _ in [0, 0, 0, 0] }, caption: "", times: times)
    for (index, frame) in frames.enumerated() {
      prediction.frames[index].mask = RunLengthMask(
        BinaryMask(
          width: frame.guess[0].count, height: frame.guess.count,
          pixels: frame.guess.joined().map { $0 > 0 ? 1 : 0 }))
      prediction.frames[index].objects = masks(frame.guess).map {
        .init(category: $0.category, score: 1, mask: $0.mask)
      }
    }
    return try ClipScorer.score(prediction, against: truth)
  }

  @Test func `classes have the figures of AVSBench's own formula`() throws {
    let golden: Golden = try EvaluationTests.Golden.read("semantic")
    let scores = try golden.clips.enumerated().map { try score("clip\($0)", $1) }
    var summary = MetricSummary(wordNet: nil, resamples: 20)
    summary.classes = Self.names
    let report = summary.report(of: scores)
    let seen = Self.names.indices.filter { golden.frames[$0] > 0 }
    #expect(report.byClass.keys.sorted() == seen.map { Self.names[$0] })
    for (place, number) in seen.enumerated() {
      let found = try #require(report.byClass[Self.names[number]])
      #expect(found.counts.frames == golden.frames[number])
      #expect(abs((found.values["IoU"]?.value ?? -1) - golden.iou[place]) <= 1e-6)
      #expect(abs((found.values["F-score"]?.value ?? -1) - golden.fScore[place]) <= 1e-6)
    }
    let values = report.overall.values
    #expect(abs((values["mIoU-classes"]?.value ?? -1) - golden.meanIoU) <= 1e-6)
    #expect(abs((values["F-classes"]?.value ?? -1) - golden.meanFScore) <= 1e-6)
    for (name, expected) in zip(MetricName.allClasses, golden.allClasses) {
      let found = try #require(values[name])
      #expect(abs(found.value - expected) <= 1e-6 && found.ci95?.count == 2)
      #expect(report.signature[name]?.contains("6 classes") == true)
    }
    #expect(report.signature["AVSBench-F-noBg"]?.contains("“flute”") == true)
    #expect(golden.allClasses[0] < golden.meanIoU && golden.allClasses[2] != golden.allClasses[0])
    #expect(report.byClip["clip0"]?.values["AVSBench-F"] == nil)
    summary.classes = []
    let plain = summary.report(of: scores)
    #expect(plain.overall.values["AVSBench-F"] == nil && plain.signature["AVSBench-F"] == nil)
  }
}
