/// 95 % intervals by resampling whole clips: frames of one clip are alike, so resampling frames
/// would promise too much.
struct Bootstrap {
  /// How many resamples are drawn.
  let resamples: Int

  /// Where the random numbers begin; the same seed gives the same intervals.
  let seed: UInt64

  /// The intervals of the figures of a set of clips: percentiles 2.5 and 97.5 of the resamples,
  /// linear between ranks.
  ///
  /// - Returns: Intervals by name; a figure that fewer than two clips have gets none.
  func intervals(of clips: [MetricSums], meteorName: String) -> [String: [Double]] {
    var contributors: [String: Int] = [:]
    for clip in clips {
      for name in clip.figures(meteorName: meteorName).keys { contributors[name, default: 0] += 1 }
    }
    let names = contributors.filter { $0.value >= 2 }.map(\.key)
    if names.isEmpty { return [:] }
    var draws: [String: [Double]] = [:]
    var generator = SplitMix64(state: seed)
    for _ in 0..<resamples {
      var sums = MetricSums()
      for _ in clips.indices { sums += clips[generator.index(below: clips.count)] }
      let figures = sums.figures(meteorName: meteorName)
      for name in names {
        if let figure = figures[name] { draws[name, default: []].append(figure) }
      }
    }
    return draws.mapValues { [Self.quantile(0.025, of: $0), Self.quantile(0.975, of: $0)] }
  }

  private static func quantile(_ share: Double, of values: [Double]) -> Double {
    let sorted = values.sorted()
    let rank = share * Double(sorted.count - 1)
    let low = Int(rank)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (rank - Double(low))
  }
}

/// Sebastiano Vigna's SplitMix64: small, and the same on every machine.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
