import Foundation

/// 95 % intervals by resampling whole clips: frames of one clip are alike, so resampling frames
/// would promise too much.
struct Bootstrap {
  /// How many resamples are drawn.
  let resamples: Int

  /// Where the random numbers begin; the same seed gives the same intervals.
  let seed: UInt64

  /// On how many threads resamples are drawn; their number changes no figure.
  var threads = ProcessInfo.processInfo.activeProcessorCount

  /// Resamples that are added up in one pass through the clips, one in each lane of a vector.
  private static let block = 8

  /// The intervals of the figures of a set of clips: percentiles 2.5 and 97.5 of the resamples,
  /// linear between ranks.
  ///
  /// - Parameters:
  ///   - clips: The sums of each clip.
  ///   - contributors: How many clips have each figure.
  ///   - meteorName: Under which name METEOR's figure goes.
  /// - Returns: Intervals by name; a figure that fewer than two clips have gets none.
  func intervals(
    of clips: ClipSums, contributors: [String: Int], meteorName: String
  ) -> [String: [Double]] {
    let names = contributors.filter { $0.value >= 2 }.map(\.key)
    if names.isEmpty { return [:] }
    let (seed, resamples) = (seed, resamples)
    let blocks = (resamples + Self.block - 1) / Self.block
    let draws = ParallelMap.map(blocks, threads: threads) { block in
      let first = block * Self.block
      let draws = (first..<min(first + Self.block, resamples)).map { resample in
        Self.draws(of: clips.count, SplitMix64(seed: seed, stream: resample))
      }
      return clips.resampled(draws).map {
        Dictionary(uniqueKeysWithValues: $0.figures(meteorName: meteorName))
      }
    }.flatMap(\.self)
    var intervals: [String: [Double]] = [:]
    for name in names {
      let values = draws.compactMap { $0[name] }
      if !values.isEmpty { intervals[name] = Quantile.interval95(of: values) }
    }
    return intervals
  }

  /// How often each of so many clips is drawn.
  private static func draws(of count: Int, _ generator: SplitMix64) -> [UInt16] {
    var generator = generator
    var counts = [UInt16](repeating: 0, count: count)
    for _ in 0..<count { counts[generator.index(below: count)] += 1 }
    return counts
  }
}
