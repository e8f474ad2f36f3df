import Foundation
import Streaming

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
  ///   - table: The sums of each clip.
  ///   - names: The figures.
  ///   - contributors: How many clips have each figure, in the order of the names.
  ///   - progress: Called with the number of resamples that are done.
  /// - Returns: Intervals in that order; a figure that fewer than two clips have gets none.
  func intervals(
    of table: ClipTable, _ names: FigureNames, contributors: [Int],
    progress: (Int) -> Void = { _ in }
  ) -> [[Double]?] {
    if table.count < 2 || resamples == 0 { return contributors.map { _ in nil } }
    let (seed, resamples) = (seed, resamples)
    let blocks = (resamples + Self.block - 1) / Self.block
    var draws: [[Double]] = []
    OrderedWork.run(blocks, threads: threads) { block in
      let first = block * Self.block
      let draws = (first..<min(first + Self.block, resamples)).map { resample in
        ClipDraws(of: table.count, SplitMix64(seed: seed, stream: resample))
      }
      return table.resampled(draws).map { names.figures(of: $0) }
    } take: {
      draws += $0
      progress(draws.count)
    }
    return contributors.enumerated().map { place, count in
      let values = draws.lazy.map { $0[place] }.filter { $0 != FigureNames.absent }
      return count < 2 || values.isEmpty ? nil : Quantile.interval95(of: Array(values))
    }
  }
}
