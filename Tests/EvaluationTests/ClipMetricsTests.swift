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
    let draws = (0..<3).map { ClipDraws(of: rows.count, SplitMix64(seed: 5, stream: $0)) }
    for (draw, found) in zip(draws, table.resampled(draws)) {
      let draw = counts(draw, of: rows.count)
      var expected = [Double](repeating: 0, count: MetricSums.count)
      for (row, count) in zip(rows, draw) {
        for place in expected.indices { expected[place] += row[place] * Double(count) }
      }
      for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-9) }
    }
  }

  /// How often each clip is drawn.
  private func counts(_ draws: ClipDraws, of count: Int) -> [Int] {
    var draws = draws
    var counts = [Int](repeating: 0, count: count)
    for start in stride(from: 0, to: count, by: ColumnTiles.tile) {
      draws.next(min(ColumnTiles.tile, count - start)) { counts[start + $0] += 1 }
    }
    return counts
  }

  @Test(arguments: [2, 128, 129, 1000])
  func `as many clips are drawn as there are, each as likely as the others`(_ count: Int) {
    let resamples = 4000
    var sums = [Double](repeating: 0, count: count)
    var squares = 0.0
    for resample in 0..<resamples {
      let drawn = counts(ClipDraws(of: count, SplitMix64(seed: 1, stream: resample)), of: count)
      #expect(drawn.reduce(0, +) == count)
      for (clip, times) in drawn.enumerated() { sums[clip] += Double(times) }
      let spread = drawn.reduce(0) { $0 + ($1 - 1) * ($1 - 1) }
      squares += Double(spread) / Double(count)
    }
    // Drawing with replacement: a mean of 1 and a variance of 1 - 1/n, within five standard errors.
    let error = 5 / Double(resamples).squareRoot()
    for sum in sums { #expect(abs(sum / Double(resamples) - 1) < error) }
    #expect(abs(squares / Double(resamples) - (1 - 1 / Double(count))) < error)
  }

  @Test func `medians of many numbers are those of a sorted list`() {
    for count in [1, 2, 9, 10, 1001] {
      let values: [Double] = (0..<count).map { number in
        if number % 5 == 0 { return 1 }
        return Double(number * 7919 % 613) / 61 - 4
      }
      for share in [0, 0.025, 0.5, 0.75, 1] {
        let found = Quantile.value(share, ofMany: count, memory: 0) { values.forEach($0) }
        #expect(found == Quantile.value(share, of: values))
      }
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
