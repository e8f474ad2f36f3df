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

  /// The value below which a share of numbers lies that may be too many for memory, linear between
  /// ranks.
  ///
  /// - Parameters:
  ///   - share: The share.
  ///   - count: How many numbers there are, at least one.
  ///   - memory: How many of them may be in memory.
  ///   - forEach: Goes through the numbers, each time in the same order.
  /// - Returns: The value, as the list of the numbers would give it.
  static func value(
    _ share: Double, ofMany count: Int, memory: Int = 1 << 16,
    forEach: ((Double) -> Void) -> Void
  ) -> Double {
    if count <= memory {
      var values: [Double] = []
      values.reserveCapacity(count)
      forEach { values.append($0) }
      return value(share, of: values)
    }
    let rank = share * Double(count - 1)
    let low = ranked(Int(rank), forEach)
    let high = ranked(min(Int(rank) + 1, count - 1), forEach)
    return low + (high - low) * (rank - Double(Int(rank)))
  }

  /// The number of a rank, found digit by digit of 16 bits.
  private static func ranked(_ rank: Int, _ forEach: ((Double) -> Void) -> Void) -> Double {
    var (rank, prefix) = (rank, UInt64(0))
    for shift in stride(from: 48, through: 0, by: -16) {
      var counts = [Int](repeating: 0, count: 1 << 16)
      forEach { value in
        let key = orderedBits(value)
        if shift == 48 || key >> UInt64(shift + 16) == prefix {
          counts[Int(key >> UInt64(shift) & 0xFFFF)] += 1
        }
      }
      var digit = 0
      while rank >= counts[digit] {
        rank -= counts[digit]
        digit += 1
      }
      prefix = prefix << 16 | UInt64(digit)
    }
    return Double(bitPattern: prefix >> 63 == 1 ? prefix ^ 1 << 63 : ~prefix)
  }

  /// Bits that ascend as the numbers do.
  private static func orderedBits(_ value: Double) -> UInt64 {
    let bits = value.bitPattern
    return bits >> 63 == 1 ? ~bits : bits ^ 1 << 63
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
