import Testing

@testable import Evaluation

/// What is kept of many clips in columns.
struct ClipMetricsTests {
  private func sums(_ iou: Double, captions: Int) -> MetricSums {
    var frame = FrameScore(
      time: 0, iou: iou, fScore: nil, truthSounding: true, predictedSounding: false,
      references: [], hypothesis: "")
    frame.region = iou == 0.25 ? 0.5 : nil
    var values = MetricSums(masksOf: [frame]).values
    values[MetricSums.sentences] = Double(captions)
    return MetricSums(values: values)
  }

  @Test func `columns give back the sums of each clip, of all, and of some`() {
    let clips = [(0.5, 0), (0.25, 3), (1, 2), (0, 0)].map { sums($0.0, captions: $0.1) }
    let table = ClipSums(clips)
    for (place, clip) in clips.enumerated() { #expect(table[place].values == clip.values) }
    let total = clips.reduce(into: MetricSums()) { $0 += $1 }
    #expect(table.total.values == total.values)
    let some = table.clips(at: [2, 1])
    #expect(some.count == 2 && some[0].values == clips[2].values)
    #expect(some[1].values == clips[1].values)
  }

  @Test func `a resample is the sum of its clips, each as often as it was drawn`() {
    let clips = (0..<600).map { sums(Double($0 * 37 % 101) / 128, captions: $0 % 4) }
    let table = ClipSums(clips)
    let draws = (0..<3).map { lane in clips.indices.map { UInt16(($0 * 7 + lane) % 3) } }
    for (draw, found) in zip(draws, table.resampled(draws)) {
      var expected = MetricSums()
      for (clip, count) in zip(clips, draw) { for _ in 0..<count { expected += clip } }
      for (one, other) in zip(found.values, expected.values) { #expect(abs(one - other) < 1e-9) }
    }
  }

  @Test func `figures are found by clip, and one that a clip has not stays absent`() {
    let counts = MetricCounts(clips: 1, frames: 2, captions: 0)
    var metrics: ClipMetrics = [
      "b": MetricSet(counts: counts, values: ["mIoU": MetricValue(0.5)]),
      "a": MetricSet(counts: counts, values: ["CIDEr": MetricValue(3)]),
    ]
    #expect(metrics.keys == ["a", "b"] && metrics.map(\.key) == ["a", "b"])
    #expect(metrics["b"]?.counts == counts && metrics["c"] == nil)
    #expect(metrics["b"]?.values == ["mIoU": MetricValue(0.5)])
    #expect(metrics.values(of: "CIDEr") == [3] && metrics.values(of: "mIoU", at: [0]).isEmpty)
    metrics.remove("CIDEr")
    #expect(metrics["a"]?.values.isEmpty == true && metrics.metrics == ["mIoU"])
  }
}
