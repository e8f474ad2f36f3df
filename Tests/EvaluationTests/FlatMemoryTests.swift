import Foundation
import SentenceMetrics
import Streaming
import Testing

@testable import Evaluation

/// Large sets take no more memory than small ones, each in a process of its own.
struct FlatMemoryTests {
  /// The most memory that the process has while `body` runs, in KiB.
  private static func peak(_ body: () throws -> Void) throws -> Int {
    try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    try body()
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
  }

  private static func scoreClips(_ count: Int) throws {
    let sentences = (0..<5).map { "A dog number \($0) barks." }
    var summary = MetricSummary(meteor: .none, resamples: 16)
    summary.threads = 1
    var figures = MetricAccumulator(summary: summary, memory: 0)
    for number in 0..<count {
      let frame = FrameScore(
        time: 0, iou: Double(number % 100) / 100, fScore: 0.5, truthSounding: true,
        predictedSounding: true, references: [sentences[number % 5]],
        hypothesis: sentences[number % 3])
      figures.add(
        ClipScore(
          clip: "a clip of a long name \(1_000_000 + number)",
          category: ["dog", "cat"][number % 2], frames: [frame]))
    }
    let report = try figures.report()
    precondition(report.byClip.count == count)
  }

  @Test func `a report of many clips takes the memory of one of few`() async {
    await #expect(processExitsWith: .success) {
      let few = try FlatMemoryTests.peak { try FlatMemoryTests.scoreClips(5000) }
      let many = try FlatMemoryTests.peak { try FlatMemoryTests.scoreClips(100_000) }
      // Where the pieces of the temporary files are takes about a byte a clip.
      precondition(many - few < 2000, "\(few) KiB for 5,000 clips, \(many) for 100,000")
    }
  }

  /// Scores sentences with few words and many n-grams.
  private static func scoreSentences(_ count: Int) {
    let corpus = SentenceCorpus(
      items: count, count: count, spool: Spool(limit: 0), grams: 1 << 12, threads: 1
    ) { item in
      var generator = SplitMix64(seed: UInt64(item))
      let words = (0..<8).map { _ in "w\(generator.index(below: 300))" }
      return [
        SentencePair(
          hypothesis: words[...6].joined(separator: " "),
          references: [words.joined(separator: " ")])
      ]
    }
    corpus.score(meteor: .none, each: { _, sentences in sentences.count }, take: { _ in })
  }

  @Test func `n-grams of many sentences take the memory of those of few`() async {
    await #expect(processExitsWith: .success) {
      let few = try FlatMemoryTests.peak { FlatMemoryTests.scoreSentences(20_000) }
      let many = try FlatMemoryTests.peak { FlatMemoryTests.scoreSentences(80_000) }
      precondition(many - few < 4000, "\(few) KiB for 20,000 sentences, \(many) for 80,000")
    }
  }
}
