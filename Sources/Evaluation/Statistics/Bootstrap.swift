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

  /// Resamples that are added up in one pass through the clips: each clip's sums are loaded once for
  /// all of them.
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
    of clips: [MetricSums], contributors: [String: Int], meteorName: String
  ) -> [String: [Double]] {
    let names = contributors.filter { $0.value >= 2 }.map(\.key)
    if names.isEmpty { return [:] }
    let table = ClipTable(clips)
    let (seed, resamples) = (seed, resamples)
    let blocks = (resamples + Self.block - 1) / Self.block
    let draws = ParallelMap.map(blocks, threads: threads) { block in
      let first = block * Self.block
      return table.resampled(first..<min(first + Self.block, resamples), seed: seed).map {
        $0.figures(meteorName: meteorName)
      }
    }.flatMap(\.self)
    var intervals: [String: [Double]] = [:]
    for name in names {
      let values = draws.compactMap { $0[name] }
      if !values.isEmpty { intervals[name] = Quantile.interval95(of: values) }
    }
    return intervals
  }
}

/// The sums of clips in one piece of memory, so that adding a thousand times is quick.
private struct ClipTable: Sendable {
  private let values: [SIMD8<Double>]
  private let count: Int

  /// Which places of the sums are not 0 in every clip.
  private let places: [Int]

  /// How many vectors hold a clip's places.
  private let stride: Int

  init(_ clips: [MetricSums]) {
    let places = (0..<MetricSums.count).filter { place in
      clips.contains { $0.values[place] != 0 }
    }
    let stride = (places.count + 7) / 8
    var values = [SIMD8<Double>](repeating: .zero, count: clips.count * stride)
    for (clip, sums) in clips.enumerated() {
      for (index, place) in places.enumerated() {
        values[clip * stride + index / 8][index % 8] = sums.values[place]
      }
    }
    self.values = values
    self.places = places
    self.stride = stride
    count = clips.count
  }

  /// The sums of as many clips, drawn with replacement, for each of several resamples.
  func resampled(_ resamples: Range<Int>, seed: UInt64) -> [MetricSums] {
    let counts = resamples.map { draws(SplitMix64(seed: seed, stream: $0)) }
    return zip(resamples, totals(counts)).map { _, sums in
      var result = [Double](repeating: 0, count: MetricSums.count)
      for (index, place) in places.enumerated() { result[place] = sums[index / 8][index % 8] }
      return MetricSums(values: result)
    }
  }

  /// How often each clip is drawn.
  private func draws(_ generator: SplitMix64) -> [UInt32] {
    var generator = generator
    var counts = [UInt32](repeating: 0, count: count)
    for _ in 0..<count { counts[generator.index(below: count)] += 1 }
    return counts
  }

  /// For each list of counts the sums of the clips, each as often as it was drawn.
  private func totals(_ counts: [[UInt32]]) -> [[SIMD8<Double>]] {
    var totals = [SIMD8<Double>](repeating: .zero, count: counts.count * stride)
    values.withUnsafeBufferPointer { values in
      totals.withUnsafeMutableBufferPointer { totals in
        for clip in 0..<count {
          for (resample, counts) in counts.enumerated() where counts[clip] > 0 {
            let times = Double(counts[clip])
            for index in 0..<stride {
              totals[resample * stride + index] += values[clip * stride + index] * times
            }
          }
        }
      }
    }
    return counts.indices.map { Array(totals[($0 * stride)..<(($0 + 1) * stride)]) }
  }
}
