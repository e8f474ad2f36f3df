import Streaming
import Testing

@testable import Evaluation

/// What is kept of many clips in columns.
struct ClipMetricsTests {
  private func row(_ iou: Double, captions: Int, dog: Double = 0) -> [Double] {
    var frame = FrameScore(
      time: 0, iou: iou, fScore: nil, truthSounding: true, predictedSounding: false,
      references: [], hypothesis: "")
    frame.region = iou == 0.25 ? 0.5 : nil
    var values = MetricSums(masksOf: [frame]).values
    values[MetricSums.sentences] = Double(captions)
    return dog == 0 ? values : values + [dog, dog / 2, 1]
  }

  private func table(_ rows: [[Double]], memory: Int = 0) -> ClipTable {
    var table = ClipTable(in: Spool(limit: memory), clipsPerBatch: 1)
    for row in rows { table.append(row, []) }
    return table
  }

  @Test func `columns give back the sums of all clips, new classes too`() {
    let rows = (0..<300).map { row(Double($0 % 5) / 4, captions: $0 % 3, dog: $0 > 200 ? 0.5 : 0) }
    let table = table(rows)
    var total = [Double](repeating: 0, count: MetricSums.count + ClassSums.count)
    for row in rows { for (place, value) in row.enumerated() { total[place] += value } }
    #expect(table.total == total && table.count == 300)
    #expect(table.clipsByClass == [99])
  }

  @Test func `a resample is the sum of its clips, each as often as it was drawn`() {
    let rows = (0..<600).map { row(Double($0 * 37 % 101) / 128, captions: $0 % 4) }
    let table = table(rows)
    let draws = (0..<3).map { lane in rows.indices.map { UInt8(($0 * 7 + lane) % 3) } }
    for (draw, found) in zip(draws, table.resampled(draws)) {
      var expected = [Double](repeating: 0, count: MetricSums.count)
      for (row, count) in zip(rows, draw) {
        for place in expected.indices { expected[place] += row[place] * Double(count) }
      }
      for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-9) }
    }
  }

  @Test func `figures are found by clip, and one that a clip has not stays absent`() {
    let counts = MetricCounts(clips: 1, frames: 2, captions: 0)
    var metrics: ClipMetrics = [
      "b": MetricSet(counts: counts, values: ["mIoU": MetricValue(0.5)]),
      "a": MetricSet(counts: counts, values: ["CIDEr": MetricValue(3)]),
    ]
    #expect(Array(metrics.keys) == ["a", "b"] && metrics.map(\.key) == ["a", "b"])
    #expect(metrics["b"]?.counts == counts && metrics["c"] == nil)
    #expect(metrics["b"]?.values == ["mIoU": MetricValue(0.5)])
    #expect(metrics.column(of: "CIDEr") == [3, FigureNames.absent])
    #expect(metrics.column(of: "BLEU-4") == [FigureNames.absent, FigureNames.absent])
    metrics.remove("CIDEr")
    #expect(metrics["a"]?.values.isEmpty == true && metrics["b"]?.values.count == 1)
  }
}
