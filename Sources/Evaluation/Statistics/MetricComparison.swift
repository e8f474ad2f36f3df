import Foundation
import Streaming

/// What comparing one figure of two runs says.
public enum ComparisonVerdict: String, Codable, Sendable {
  /// The second run is better, beyond what chance explains.
  case better

  /// The second run is worse, beyond what chance explains.
  case worse

  /// What differs may be chance.
  case noSignificantChange = "no significant change"
}

/// One figure of two runs over the same clips.
public struct ComparedMetric: Codable, Hashable, Sendable {
  /// The figure's name.
  public var name: String

  /// How many clips have the figure in both runs.
  public var clips: Int

  /// The mean over those clips in the first run.
  public var first: Double

  /// The mean over those clips in the second run.
  public var second: Double

  /// The mean of the clips' differences, second less first.
  public var difference: Double

  /// The 95 % bootstrap interval of the difference, clips resampled; nil for fewer than two.
  public var ci95: [Double]?

  /// The two-sided p-value of the paired permutation test.
  public var p: Double

  /// The p-value with Holm's correction for all compared figures.
  public var adjustedP: Double

  /// What that says at the comparison's level.
  public var verdict: ComparisonVerdict

  private enum CodingKeys: String, CodingKey {
    case name, clips, first, second, difference, ci95, p, verdict
    case adjustedP = "p_holm"
  }
}

/// Two runs over the same clips, compared clip by clip.
public struct MetricComparison: Codable, Hashable, Sendable {
  /// The compared figures, in display order.
  public var metrics: [ComparedMetric]

  /// How they were compared.
  public var signature: [String: String]

  /// Figures and conventions that the runs do not share, a sentence each; such figures are left out.
  public var differences: [String]

  /// Clips that only one of the runs has.
  public var unpaired: [String]
}

/// Compares two runs: differences of the clips' own figures, a clip being the unit that is
/// resampled and permuted.
public struct RunComparison: Sendable {
  private let resamples: Int
  private let seed: UInt64
  private let level: Double
  private let threads: Int

  /// Chooses how to compare.
  ///
  /// - Parameters:
  ///   - resamples: Resamples of the bootstrap and, beyond 13 clips, permutations.
  ///   - seed: Where the random numbers begin; the same seed gives the same answer.
  ///   - level: Below which corrected p-value a change is called significant.
  ///   - threads: On how many threads, all by default; their number changes no figure.
  public init(
    resamples: Int = 10_000, seed: UInt64 = 20_260_310, level: Double = 0.05,
    threads: Int? = nil
  ) {
    self.resamples = resamples
    self.seed = seed
    self.level = level
    self.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// Compares the second run with the first.
  ///
  /// Figures whose meaning differs between the runs' signatures are not compared but listed.
  ///
  /// - Parameters:
  ///   - first: The run to compare with.
  ///   - second: The run that may be better.
  ///   - names: The figures to compare, in any case; by default those that no other determines.
  /// - Returns: The comparison.
  /// - Throws: ``EvaluationError/incomparable(reason:)`` when no figure is left, and
  ///   ``EvaluationError/noSuchFigure(name:known:)``.
  public func compare(
    _ first: MetricReport, with second: MetricReport, metrics names: [String]? = nil
  ) throws(EvaluationError) -> MetricComparison {
    let clips = ClipPairs(first.byClip.keys, second.byClip.keys)
    let signatures = SignatureComparison(
      first.signature, second.signature, isSameSet: clips.unpaired.isEmpty)
    if clips.shared.isEmpty { throw .incomparable(reason: "they have no clip in common") }
    let known = MetricName.all.filter { first.byClip.has($0) && second.byClip.has($0) }
    let wanted = try names?.map { name throws(EvaluationError) in
      guard let own = known.first(where: { $0.lowercased() == name.lowercased() }) else {
        throw .noSuchFigure(name: name, known: known)
      }
      return own
    }
    var metrics: [ComparedMetric] = []
    for name in wanted ?? MetricName.compared where signatures.allows(name) {
      let values = clips.pairs(first.byClip.column(of: name), second.byClip.column(of: name))
      if !values.isEmpty { metrics.append(compared(name, values.map(\.0), values.map(\.1))) }
    }
    if metrics.isEmpty {
      let reasons = signatures.differences.joined(separator: "; ")
      throw .incomparable(reason: reasons.isEmpty ? "they share no figure" : reasons)
    }
    decide(&metrics)
    return MetricComparison(
      metrics: metrics, signature: signature(count: metrics.count),
      differences: signatures.differences,
      unpaired: clips.unpaired)
  }

  private func signature(count: Int) -> [String: String] {
    [
      "unit": "the clip: means over clips of the clips' own figures, paired by clip id",
      "rounding": "differences of a clip's figure of up to \(Self.rounding) count as 0",
      "ci95": "percentile bootstrap over clips of the mean difference, \(resamples) resamples, "
        + "seed \(seed)",
      "p": "two-sided paired permutation test of the mean difference, exact to 13 clips, else "
        + "\(resamples) permutations",
      "p_holm": "Holm's correction for \(count) figures, level \(level)",
    ]
  }

  /// Below this, two figures differ by the order in which numbers were added up.
  private static let rounding = 1e-9

  private func compared(_ name: String, _ first: [Double], _ second: [Double]) -> ComparedMetric {
    let differences = zip(second, first).map { second, first in
      abs(second - first) <= Self.rounding * max(1, abs(first)) ? 0 : second - first
    }
    let test = PairedTest(differences: differences, resamples: resamples, seed: seed)
    let p = test.permutationP(threads: threads)
    let count = Double(first.count)
    return ComparedMetric(
      name: name, clips: first.count, first: first.reduce(0, +) / count,
      second: second.reduce(0, +) / count, difference: test.mean,
      ci95: test.interval(threads: threads), p: p, adjustedP: p, verdict: .noSignificantChange)
  }

  /// Holm's step-down correction, and what it leaves significant.
  private func decide(_ metrics: inout [ComparedMetric]) {
    let order = metrics.indices.sorted { (metrics[$0].p, $0) < (metrics[$1].p, $1) }
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, metrics[index].p * Double(metrics.count - rank)))
      metrics[index].adjustedP = largest
      if largest < level {
        metrics[index].verdict = metrics[index].difference > 0 ? .better : .worse
      }
    }
  }
}

/// Which clips two runs share.
private struct ClipPairs {
  /// The places of the shared clips in both runs.
  private(set) var shared: [(first: Int32, second: Int32)] = []

  /// Clips that only one run has, by id.
  private(set) var unpaired: [String] = []

  /// - Parameters:
  ///   - first: Ascending ids.
  ///   - second: Ascending ids.
  init(_ first: NameTable, _ second: NameTable) {
    var (one, other) = (0, 0)
    while one < first.count || other < second.count {
      let left = one < first.count ? first[one] : nil
      let right = other < second.count ? second[other] : nil
      if let left, let right, left.utf8.elementsEqual(right.utf8) {
        shared.append((Int32(one), Int32(other)))
        (one, other) = (one + 1, other + 1)
      } else if let left, right.map({ left.utf8.lexicographicallyPrecedes($0.utf8) }) ?? true {
        unpaired.append(left)
        one += 1
      } else if let right {
        unpaired.append(right)
        other += 1
      }
    }
  }

  /// A figure of the shared clips that have it in both runs.
  func pairs(_ first: [Double], _ second: [Double]) -> [(Double, Double)] {
    shared.map { (first[Int($0.first)], second[Int($0.second)]) }
      .filter { $0.0 != FigureNames.absent && $0.1 != FigureNames.absent }
  }
}
