import ArgumentParser
import Evaluation
import Foundation

/// The sentence metrics beside pycocoevalcap: same sentences, same figures.
struct CaptionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captions",
    abstract: "Time BLEU, ROUGE-L, METEOR and CIDEr on many sentences, beside pycocoevalcap.",
    discussion: """
      Measured is everything from a mapped file to the figures of all sentences and of each, and, apart, \
      the same with avu's intervals (1,000 resamples), which the peer has not. The peer runs Java for \
      words and METEOR. METEOR needs its own data, see “make meteor-data”.

      EXAMPLES:
        avu-bench captions
        avu-bench captions --sentences 1000 --runs 5
      """)

  @Option(help: "How many sentences are scored, each against one reference.")
  var sentences = 10_000

  @Option(help: "The scripts of the peers.")
  var training = "training"

  @Option(help: "The Python that has the peer; “make bench-peers” makes it.")
  var python = ".build/bench-venv/bin/python"

  @Option(help: "Where the results go.")
  var output = ".build/bench"

  @Option(help: "Measured rounds; one more comes before them.")
  var runs = 5

  func validate() throws {
    guard runs >= 1, sentences >= 1 else {
      throw ValidationError("--runs and --sentences must be at least 1.")
    }
  }

  func run() throws {
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    let file = output + "/sentences.json"
    try BenchSentences(count: sentences).json().write(to: URL(filePath: file))
    let captions = try CaptionFile(contentsOf: file)
    var report = BenchReport(machine: Machine(), commit: Program.commit())
    let peer = try startPeer(file, &report)
    defer { peer?.end() }
    var (ours, withIntervals, theirs): ([Double], [Double], [Double]) = ([], [], [])
    for run in 0...runs {
      let (figures, time) = try measure(captions, MetricSummary(resamples: 0))
      let (_, whole) = try measure(captions, MetricSummary())
      if run > 0 { withIntervals.append(whole) }
      let answer = try peer?.run("captions")
      if run > 0 {
        ours.append(time)
        if let answer { theirs.append(answer.seconds) }
      } else if let peer, let answer {
        report.agreement[peer.name] = Self.agreement(of: answer.sentences, with: figures)
      }
    }
    let peers = peer.map { [$0.name: Statistic(theirs)] } ?? [:]
    report.rows = [
      BenchReport.Row(
        name: "\(sentences) sentences", unit: "s", better: "lower",
        threads: ProcessInfo.processInfo.activeProcessorCount, ours: Statistic(ours), peers: peers),
      BenchReport.Row(
        name: "with intervals", unit: "s", better: "lower",
        threads: ProcessInfo.processInfo.activeProcessorCount, ours: Statistic(withIntervals),
        peers: [:]),
    ]
    print(report.table)
    try report.json().write(to: URL(filePath: output + "/captions.json"))
    print("Written to \(output)/captions.json.")
  }

  private func measure(
    _ captions: CaptionFile, _ summary: MetricSummary
  ) throws -> (figures: [String: Double], Double) {
    var figures: [String: Double] = [:]
    let time = try ContinuousClock().measure {
      figures = try CaptionScoring.report(of: captions, summary: summary).overall.values
        .mapValues(\.value)
    }
    return (figures, time / .seconds(1))
  }

  private func startPeer(_ file: String, _ report: inout BenchReport) throws -> Peer? {
    for (program, arguments, words) in [
      (python, ["-c", "import pycocoevalcap"], "not installed, see “make bench-peers”"),
      ("/usr/bin/env", ["java", "-version"], "it needs Java, Debian's default-jre-headless"),
    ] where (try? Program.output(of: program, arguments)) == nil {
      report.absent.append("pycocoevalcap: \(words)")
      return nil
    }
    return try Peer(
      python: python, arguments: [training + "/peer_captions.py", "--file", file], threads: 1)
  }

  /// How far the peer's figures are from ours.
  private static func agreement(of said: [String], with figures: [String: Double]) -> String {
    var largest = 0.0
    var missing: [String] = []
    for line in said {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let value = Double(parts[1]) else { continue }
      guard let own = figures[String(parts[0])] else {
        missing.append(String(parts[0]))
        continue
      }
      largest = max(largest, abs(own - value))
    }
    let absent =
      missing.isEmpty ? "" : ", \(missing.joined(separator: ", ")) not computed by avu here"
    return "largest difference of a figure \(largest)" + absent
  }
}

/// Sentences as the data sets have them, always the same.
struct BenchSentences: Encodable {
  private var references: [String: [String]] = [:]
  private var hypotheses: [String: String] = [:]

  private enum CodingKeys: String, CodingKey { case references, hypotheses }

  /// Pairs of a reference and a sentence that says part of it otherwise.
  init(count: Int) {
    var random = Linear(state: 20_260_310)
    for number in 0..<count {
      var words = [0, 1, 2, 3, 4].map { Self.parts[$0][random.below(Self.parts[$0].count)] }
      references["\(number)"] = [Self.sentence(words)]
      for place in [random.below(5), random.below(5)] {
        words[place] = Self.parts[place][random.below(Self.parts[place].count)]
      }
      hypotheses["\(number)"] = Self.sentence(words)
    }
  }

  /// The sentences as `avu metrics captions` reads them.
  func json() throws -> Data { try JSONEncoder().encode(self) }

  private static func sentence(_ words: [String]) -> String {
    "The \(words[0]) \(words[1]) on the \(words[2]) is \(words[3]) \(words[4])."
  }

  private static let parts = [
    "young, old, little, big, brown, tall, black, white, quiet, happy, second, other",
    "man, woman, boy, girl, child, dog, cat, bird, horse, cow, musician, driver, singer, baby, lion",
    "left, right, stage, street, grass, chair, couch, bench, boat, roof, far left, floor",
    "playing, holding, watching, pulling, pushing, following, repairing, hitting, carrying, using",
    "the violin, the piano, a red guitar, the tuba, an accordion, the drums, a ball, the lawn mower, "
      + "a sewing machine, the flute, a big bell, two chainsaws, the other dog, the man's trumpet",
  ].map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }

  /// Numbers that are the same everywhere.
  private struct Linear {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
  }
}
