import Streaming

/// Whether the mean of paired differences is more than chance.
struct PairedTest {
  private let differences: [Double]
  private let resamples: Int
  private let seed: UInt64

  /// The mean difference.
  let mean: Double

  /// - Parameters:
  ///   - differences: One for each clip, at least one.
  ///   - resamples: Of the bootstrap and of the permutation test.
  ///   - seed: Where the random numbers begin.
  init(differences: [Double], resamples: Int, seed: UInt64) {
    self.differences = differences
    self.resamples = resamples
    self.seed = seed
    mean = differences.reduce(0, +) / Double(differences.count)
  }

  /// The 95 % bootstrap interval of the mean; nil for fewer than two differences.
  func interval(threads: Int) -> [Double]? {
    let count = differences.count
    if count < 2 { return nil }
    let (differences, seed) = (differences, seed)
    let means = ParallelMap.map(resamples, threads: threads) { resample in
      var generator = SplitMix64(seed: seed, stream: resample)
      var sum = 0.0
      for _ in 0..<count { sum += differences[generator.index(below: count)] }
      return sum / Double(count)
    }
    return Quantile.interval95(of: means)
  }

  /// The two-sided p-value: how often a mean as far from 0 comes about when every difference has a
  /// sign by chance. All signs are tried for up to 13 differences, random ones beyond.
  func permutationP(threads: Int) -> Double {
    let magnitude = differences.reduce(0) { $0 + abs($1) }
    let limit = abs(differences.reduce(0, +)) - 1e-12 * magnitude
    let differences = differences
    if differences.count <= 13 {
      let all = 1 << differences.count
      let extreme = (0..<all).count { Self.sum(differences, signs: UInt64($0)) >= limit }
      return Double(extreme) / Double(all)
    }
    let seed = seed ^ 0x5045_524D
    let extreme = ParallelMap.map(resamples, threads: threads) { resample in
      var generator = SplitMix64(seed: seed, stream: resample)
      return Self.randomSum(differences, &generator) >= limit ? 1 : 0
    }
    return Double(extreme.reduce(0, +) + 1) / Double(resamples + 1)
  }

  private static func sum(_ differences: [Double], signs: UInt64) -> Double {
    var sum = 0.0
    for (place, difference) in differences.enumerated() {
      sum += signs >> UInt64(place) & 1 == 0 ? difference : -difference
    }
    return abs(sum)
  }

  private static func randomSum(
    _ differences: [Double], _ generator: inout SplitMix64
  ) -> Double {
    var sum = 0.0
    var signs: UInt64 = 0
    for (place, difference) in differences.enumerated() {
      if place % 64 == 0 { signs = generator.next() }
      sum += signs & 1 == 0 ? difference : -difference
      signs >>= 1
    }
    return abs(sum)
  }
}
