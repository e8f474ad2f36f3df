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
    let seed = seed
    let draws = ParallelMap.map(resamples, threads: threads) { resample in
      var generator = SplitMix64(seed: seed, stream: resample)
      return table.resampled(&generator).figures(meteorName: meteorName)
    }
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

  /// The sums of as many clips, drawn with replacement.
  func resampled(_ generator: inout SplitMix64) -> MetricSums {
    var sums = [SIMD8<Double>](repeating: .zero, count: stride)
    values.withUnsafeBufferPointer { values in
      sums.withUnsafeMutableBufferPointer { sums in
        for _ in 0..<count {
          let clip = generator.index(below: count) * stride
          for index in 0..<stride { sums[index] += values[clip + index] }
        }
      }
    }
    var result = [Double](repeating: 0, count: MetricSums.count)
    for (index, place) in places.enumerated() { result[place] = sums[index / 8][index % 8] }
    return MetricSums(values: result)
  }
}
