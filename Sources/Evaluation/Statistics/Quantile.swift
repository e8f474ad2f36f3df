/// Summaries of a list of numbers.
enum Quantile {
  /// The value below which a share of the numbers lies, linear between ranks.
  ///
  /// - Precondition: There is at least one number.
  static func value(_ share: Double, of values: consuming [Double]) -> Double {
    var sorted = values
    sorted.sort()
    let rank = share * Double(sorted.count - 1)
    let low = Int(rank)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (rank - Double(low))
  }

  /// The 95 % interval of resampled values.
  static func interval95(of values: [Double]) -> [Double] {
    [value(0.025, of: values), value(0.975, of: values)]
  }
}

/// Wilson's 95 % score interval of a rate.
enum WilsonInterval {
  /// The interval for so many successes of so many independent trials; nil without trials.
  ///
  /// Source: E. B. Wilson, “Probable inference …”, JASA 22 (1927).
  static func interval95(successes: Double, trials: Double) -> [Double]? {
    guard trials > 0 else { return nil }
    let z = 1.959963984540054
    let rate = successes / trials
    let scale = 1 + z * z / trials
    let center = (rate + z * z / (2 * trials)) / scale
    let spread =
      z / scale * (rate * (1 - rate) / trials + z * z / (4 * trials * trials)).squareRoot()
    return [max(0, center - spread), min(1, center + spread)]
  }
}
