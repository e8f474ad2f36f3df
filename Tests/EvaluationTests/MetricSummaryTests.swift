import Foundation
import Testing

@testable import Evaluation

struct MetricSummaryTests {
  private let summary = MetricSummary(wordNet: nil, resamples: 1000)

  private func score(_ name: String, iou: [Double], category: String? = "dog") -> ClipScore {
    ClipScore(
      clip: name, category: category,
      frames: iou.enumerated().map { index, iou in
        FrameScore(
          time: Double(index), iou: iou, fScore: iou, truthSounding: true,
          predictedSounding: iou > 0, references: ["The dog is barking."],
          hypothesis: iou > 0.5 ? "The dog is barking." : "A cat purrs.")
      })
  }

  @Test func `a clip counts once however many frames it has`() {
    let report = summary.report(of: [
      score("a", iou: [1, 1, 1, 1]), score("b", iou: [0]),
    ])
    #expect(report.overall.values["mIoU"]?.value == 0.5)
    #expect(report.overall.counts == MetricCounts(clips: 2, frames: 5, captions: 5))
    #expect(report.overall.values["presence"]?.value == 0.8)
  }

  @Test func `categories and clips have figures of their own`() {
    let report = summary.report(of: [
      score("a", iou: [1], category: "dog"), score("b", iou: [0.5], category: "cat"),
      score("c", iou: [0], category: nil),
    ])
    #expect(report.byCategory.mapValues { $0.values["mIoU"]?.value } == ["dog": 1, "cat": 0.5])
    #expect(report.byClip["c"]?.values["mIoU"]?.value == 0)
    #expect(report.byClip["a"]?.values["mIoU"]?.ci95 == nil)
  }

  @Test func `an interval contains its figure and is the same every time`() throws {
    let scores = (0..<30).map { score("clip\($0)", iou: [Double($0) / 29, 0.5]) }
    let first = summary.report(of: scores)
    let second = summary.report(of: scores.reversed())
    #expect(first == second)
    for (name, value) in first.overall.values {
      let interval = try #require(value.ci95, "\(name)")
      #expect(interval[0] <= value.value + 1e-9 && value.value <= interval[1] + 1e-9, "\(name)")
    }
    let interval = try #require(first.overall.values["mIoU"]?.ci95)
    // The mean of 30 clips with standard deviation 0.149 is known to ± 1.96 · 0.149 / √30.
    #expect(abs((interval[1] - interval[0]) - 2 * 1.96 * 0.149 / 30.0.squareRoot()) < 0.02)
  }

  @Test func `one clip has figures without intervals`() {
    let report = summary.report(of: [score("a", iou: [0.25, 0.75])])
    #expect(report.overall.values["mIoU"]?.value == 0.5)
    #expect(report.overall.values.values.allSatisfy { $0.ci95 == nil })
  }

  @Test func `no clips give no figures`() {
    let report = summary.report(of: [])
    #expect(report.overall.values.isEmpty)
    #expect(report.overall.counts == MetricCounts(clips: 0, frames: 0, captions: 0))
  }

  @Test func `sentences count only where something sounds`() {
    let silent = FrameScore(
      time: 0, iou: 1, fScore: nil, truthSounding: false, predictedSounding: false,
      references: [], hypothesis: "")
    let report = summary.report(of: [ClipScore(clip: "a", category: nil, frames: [silent])])
    #expect(report.overall.counts.captions == 0)
    #expect(
      report.overall.values.keys.sorted() == [
        "AVSBench-M_F", "AVSBench-M_J", "mIoU", "presence", "silence",
      ])
  }

  @Test func `an empty hypothesis counts as a wrong sentence`() {
    var clip = score("a", iou: [1, 1])
    clip.frames[1].hypothesis = ""
    let report = summary.report(of: [clip])
    #expect(report.overall.counts.captions == 2)
    #expect(report.overall.values["ROUGE-L"]?.value == 0.5)
  }

  @Test func `a clip scored twice counts once and is listed`() {
    let report = summary.report(of: [score("a", iou: [1]), score("a", iou: [0])])
    #expect(report.overall.values["mIoU"]?.value == 1)
    #expect(report.unscored.count == 1)
  }

  @Test func `the signature explains every figure`() {
    let report = summary.report(of: [score("a", iou: [1]), score("b", iou: [0])])
    for name in report.overall.values.keys {
      let key = name.hasPrefix("BLEU") ? "BLEU" : name
      #expect(report.signature[key] != nil, "\(name)")
      #expect(MetricName.all.contains(name))
    }
    #expect(report.signature["ci95"]?.contains("1000") == true)
  }

  @Test func `the metrics JSON has each figure under its own name`() throws {
    let report = summary.report(
      of: [score("a", iou: [1]), score("b", iou: [0.5])],
      unscored: [UnscoredClip(clip: "c", reason: "it has no prediction")])
    let data = try JSONEncoder().encode(report)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let figure = try #require(object["mIoU"] as? [String: Any])
    #expect(figure["value"] as? Double == 0.75)
    #expect((figure["ci95"] as? [Double])?.count == 2)
    #expect((object["n"] as? [String: Int])?["clips"] == 2)
    #expect((object["by_clip"] as? [String: Any])?.keys.sorted() == ["a", "b"])
    #expect(try JSONDecoder().decode(MetricReport.self, from: data) == report)
  }

  @Test func `a report that is written piece by piece reads back the same`() throws {
    for count in [0, 1, 3] {
      let report = summary.report(
        of: (0..<count).map { score("clip \"\($0)\"", iou: [0.5]) },
        unscored: [UnscoredClip(clip: "c", reason: "it has no prediction")])
      var data = Data()
      try report.write { data += $0 }
      #expect(try JSONDecoder().decode(MetricReport.self, from: data) == report)
    }
  }

  @Test func `scores stored without a list of problems are read`() throws {
    let text = #"{"clip": "a", "frames": []}"#
    let score = try JSONDecoder().decode(ClipScore.self, from: Data(text.utf8))
    #expect(score.problems.isEmpty)
  }
}
