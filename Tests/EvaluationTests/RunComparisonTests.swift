import Foundation
import Streaming
import Testing

@testable import Evaluation

struct RunComparisonTests {
  /// A run whose clips have known figures; the noise is the same on every machine.
  private func run(clips: Int, noise seed: UInt64, gain: Double = 0) -> MetricReport {
    var generator = SplitMix64(seed: seed)
    let scores = (0..<clips).map { index in
      let own = Double(index * 37 % 100) / 200 + 0.2
      let noise = Double(generator.next() >> 11) / Double(1 << 53) - 0.5
      let iou = min(1, max(0, own + 0.2 * noise + gain))
      return ClipScore(
        clip: "clip\(index)", category: nil,
        frames: [
          FrameScore(
            time: 0, iou: iou, fScore: iou, truthSounding: true,
            predictedSounding: generator.next() % 10 != 0, references: ["A dog barks."],
            hypothesis: "A dog barks.")
        ])
    }
    return MetricSummary(wordNet: nil, resamples: 20).report(of: scores)
  }

  @Test(arguments: [UInt64(1), 7, 42, 99, 2026])
  func `two runs whose difference is noise show no significant change`(_ seed: UInt64) throws {
    let comparison = try RunComparison(resamples: 2000)
      .compare(run(clips: 120, noise: seed), with: run(clips: 120, noise: seed &+ 1000))
    for metric in comparison.metrics {
      #expect(metric.verdict == .noSignificantChange, "\(metric.name) p \(metric.p)")
    }
    #expect(comparison.metrics.contains { $0.name == "mIoU" && $0.difference != 0 })
  }

  @Test func `a real gain is found, with its direction and an interval around it`() throws {
    let first = run(clips: 120, noise: 3)
    let second = run(clips: 120, noise: 4, gain: 0.05)
    let better = try #require(
      RunComparison(resamples: 2000).compare(first, with: second).metrics.first)
    #expect(better.name == "mIoU" && better.verdict == .better && better.adjustedP < 0.01)
    let interval = try #require(better.ci95)
    #expect(interval[0] > 0 && interval[0] < better.difference && better.difference < interval[1])
    let worse = try #require(
      RunComparison(resamples: 2000).compare(second, with: first).metrics.first)
    #expect(worse.verdict == .worse && worse.difference == -better.difference)
  }

  @Test func `figures are chosen by name in any case, and one that no run has is refused`() throws {
    let run = run(clips: 20, noise: 3)
    let found = try RunComparison().compare(run, with: run, metrics: ["miou"])
    #expect(found.metrics.map(\.name) == ["mIoU"])
    let error = #expect(throws: EvaluationError.self) {
      try RunComparison().compare(run, with: run, metrics: ["mIoU", "nosuch"])
    }
    #expect(error?.description.contains("“nosuch”") == true)
    #expect(error?.description.contains("mIoU") == true)
  }

  @Test func `a run equals itself`() throws {
    let report = run(clips: 20, noise: 5)
    let comparison = try RunComparison(resamples: 500).compare(report, with: report)
    #expect(comparison.metrics.allSatisfy { $0.p == 1 && $0.difference == 0 })
    #expect(comparison.metrics.allSatisfy { $0.verdict == .noSignificantChange })
  }

  @Test func `what only rounding tells apart is no change`() throws {
    let report = run(clips: 200, noise: 5)
    var rounded = report
    var sets: [String: MetricSet] = [:]
    for (id, set) in report.byClip {
      sets[id] = set
      for name in set.values.keys { sets[id]?.values[name]?.value *= 1 + 3e-16 }
    }
    rounded.byClip = ClipMetrics(sets)
    let comparison = try RunComparison(resamples: 500).compare(report, with: rounded)
    #expect(comparison.metrics.allSatisfy { $0.verdict == .noSignificantChange && $0.p == 1 })
  }

  @Test func `the answer is the same on any number of threads`() throws {
    let runs = (run(clips: 50, noise: 6), run(clips: 50, noise: 8, gain: 0.02))
    let one = try RunComparison(resamples: 1000, threads: 1).compare(runs.0, with: runs.1)
    let many = try RunComparison(resamples: 1000, threads: 7).compare(runs.0, with: runs.1)
    #expect(one == many)
  }

  @Test func `few clips are tried in every sign and prove nothing`() throws {
    let test = PairedTest(differences: [1, 2, 3], resamples: 10, seed: 1)
    #expect(test.permutationP(threads: 1) == 0.25)
    #expect(PairedTest(differences: [1], resamples: 10, seed: 1).permutationP(threads: 1) == 1)
    #expect(PairedTest(differences: [1], resamples: 10, seed: 1).interval(threads: 1) == nil)
    let one = run(clips: 1, noise: 9)
    let metrics = try RunComparison().compare(one, with: run(clips: 1, noise: 10)).metrics
    #expect(metrics.allSatisfy { $0.verdict == .noSignificantChange && $0.ci95 == nil })
  }

  @Test func `random signs agree with all signs`() {
    let differences = (0..<13).map { Double($0) - 4.5 }
    let exact = PairedTest(differences: differences, resamples: 1, seed: 1)
      .permutationP(threads: 1)
    // One clip without a difference takes the test beyond 13 clips and changes no probability.
    let drawn = PairedTest(differences: differences + [0], resamples: 20_000, seed: 1)
      .permutationP(threads: 2)
    #expect(abs(exact - drawn) < 0.01)
  }

  @Test func `several figures are corrected together`() throws {
    let comparison = try RunComparison(resamples: 2000)
      .compare(run(clips: 60, noise: 11), with: run(clips: 60, noise: 12, gain: 0.02))
    let ordered = comparison.metrics.sorted { $0.p < $1.p }
    #expect(ordered[0].adjustedP == min(1, ordered[0].p * Double(ordered.count)))
    for (lower, higher) in zip(ordered, ordered.dropFirst()) {
      #expect(lower.adjustedP <= higher.adjustedP && higher.p <= higher.adjustedP)
    }
    let alone = try RunComparison(resamples: 2000).compare(
      run(clips: 60, noise: 11), with: run(clips: 60, noise: 12, gain: 0.02), metrics: ["mIoU"])
    #expect(alone.metrics.map(\.name) == ["mIoU"])
    #expect(alone.metrics[0].adjustedP == alone.metrics[0].p)
  }

  @Test func `figures of another meaning are left out and named`() throws {
    let first = run(clips: 20, noise: 13)
    var second = run(clips: 20, noise: 14)
    second.signature["mIoU"] = "something else"
    let comparison = try RunComparison(resamples: 100).compare(first, with: second)
    #expect(!comparison.metrics.contains { $0.name == "mIoU" })
    #expect(comparison.metrics.contains { $0.name == "F-score" })
    #expect(comparison.differences.count == 1 && comparison.differences[0].contains("mIoU"))
    second.signature["resize"] = "something else"
    #expect(throws: EvaluationError.self) {
      try RunComparison(resamples: 100).compare(first, with: second, metrics: ["F-score"])
    }
  }

  @Test func `clips of only one run are listed, and runs without a common clip refused`() throws {
    let comparison = try RunComparison(resamples: 100)
      .compare(run(clips: 20, noise: 15), with: run(clips: 22, noise: 15))
    #expect(comparison.unpaired == ["clip20", "clip21"])
    #expect(comparison.metrics.allSatisfy { $0.clips == 20 && $0.name != "CIDEr" })
    var other = run(clips: 2, noise: 15)
    other.byClip = [
      "else": MetricSet(counts: MetricCounts(clips: 1, frames: 1, captions: 0), values: [:])
    ]
    let error = #expect(throws: EvaluationError.self) {
      try RunComparison().compare(run(clips: 2, noise: 15), with: other)
    }
    #expect(error?.description.contains("no clip in common") == true)
  }

  @Test func `a comparison is read as it was written`() throws {
    let comparison = try RunComparison(resamples: 100)
      .compare(run(clips: 20, noise: 16), with: run(clips: 20, noise: 17))
    let data = try JSONEncoder().encode(comparison)
    #expect(try JSONDecoder().decode(MetricComparison.self, from: data) == comparison)
    #expect(String(decoding: data, as: UTF8.self).contains("no significant change"))
  }
}

struct IntervalTests {
  @Test func `Wilson's interval is that of the textbook`() throws {
    // Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 and 0 of 20.
    let many = try #require(WilsonInterval.interval95(successes: 81, trials: 263))
    #expect(abs(many[0] - 0.2553) < 5e-5 && abs(many[1] - 0.3662) < 5e-5)
    let none = try #require(WilsonInterval.interval95(successes: 0, trials: 20))
    #expect(none[0] == 0 && abs(none[1] - 0.1611) < 5e-5)
    #expect(WilsonInterval.interval95(successes: 0, trials: 0) == nil)
  }

  @Test func `a rate has Wilson's interval and a figure its clips' median`() throws {
    let scores = [0.0, 0.25, 0.5, 0.75, 1].enumerated().map { index, iou in
      ClipScore(
        clip: "\(index)", category: nil,
        frames: [
          FrameScore(
            time: 0, iou: iou * iou, fScore: nil, truthSounding: false, predictedSounding: false,
            references: [], hypothesis: "")
        ])
    }
    let values = MetricSummary(wordNet: nil, resamples: 10).report(of: scores).overall.values
    #expect(values["mIoU"]?.median == 0.25)
    let wilson = try #require(values["silence"]?.wilson95)
    #expect(abs(wilson[0] - 5 / (5 + 1.959963984540054 * 1.959963984540054)) < 1e-12)
    #expect(wilson[1] == 1)
    #expect(values["mIoU"]?.wilson95 == nil)
  }

  @Test func `runs that differ by noise alone are called different about as often as allowed`()
    throws
  {
    var generator = SplitMix64(seed: 4711, stream: 0)
    func noise(_ width: Double) -> Double {
      (0..<4).reduce(0) { sum, _ in sum + Double(generator.next() >> 11) / 0x1p53 - 0.5 } * width
    }
    let pairs = 300
    var (single, family) = (0, 0)
    for pair in 0..<pairs {
      let count = [8, 12, 20, 40][pair % 4]
      let truth = (0..<count).map { _ in 0.5 + noise(0.2) }
      let runs = (0..<2).map { _ in
        MetricSummary(wordNet: nil, resamples: 0).report(
          of: truth.enumerated().map { clip, figure in
            let frame = FrameScore(
              time: 0, iou: figure + noise(0.1), fScore: figure + noise(0.1),
              region: figure + noise(0.1), boundary: figure + noise(0.1), truthSounding: true,
              predictedSounding: true, references: [], hypothesis: "")
            return ClipScore(clip: "\(clip)", category: nil, frames: [frame])
          })
      }
      let comparison = RunComparison(resamples: 400, seed: UInt64(pair))
      func isDifferent(_ metrics: [String]?) throws -> Bool {
        try comparison.compare(runs[0], with: runs[1], metrics: metrics).metrics.contains {
          $0.verdict != .noSignificantChange
        }
      }
      if try isDifferent(["mIoU"]) { single += 1 }
      if try isDifferent(nil) { family += 1 }
    }
    // 5 % of 300 are 15, three standard deviations 11; Holm's correction keeps the whole family there.
    #expect((4...26).contains(single), "\(single)")
    #expect(family <= 26, "\(family)")
  }

  @Test func `intervals are the same on any number of threads`() {
    var table = ClipTable(in: Spool(), clipsPerBatch: 1)
    for index in 0..<40 {
      let frame = FrameScore(
        time: 0, iou: Double(index * 13 % 40) / 40, fScore: nil, truthSounding: true,
        predictedSounding: index % 3 == 0, references: [], hypothesis: "")
      table.append(MetricSums(masksOf: [frame]).values, [frame])
    }
    let names = FigureNames(meteor: "m")
    let contributors = names.all.map { ["mIoU", "presence"].contains($0) ? 40 : 0 }
    let found = [1, 2, 5].map { threads in
      Bootstrap(resamples: 300, seed: 5, threads: threads)
        .intervals(of: table, names, contributors: contributors)
    }
    #expect(found[0] == found[1] && found[0] == found[2])
    let given = zip(names.all, found[0]).filter { $0.1 != nil }.map(\.0)
    #expect(given.sorted() == ["mIoU", "presence"])
  }
}
