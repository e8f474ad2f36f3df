extension PTBScanner {
  /// The end of a fraction such as `3/4`, `1 1/2` or `1⁄2`; the start when there is none.
  func fractionEnd(_ start: Int) -> Int {
    let first: Set<Int> = [start]
    let whole = step(digits(first, 1...4), over: Self.joints)
    let slashes = digits(first.union(whole), 1...4).compactMap { place -> Int? in
      if at(place) == 0x2F || at(place) == 0x2044 { return place + 1 }
      return at(place) == 0x5C && at(place + 1) == 0x2F ? place + 2 : nil
    }
    return digits(Set(slashes), 1...4).max() ?? start
  }

  /// The end of a telephone number at the position, which may hold spaces; nil when there is none.
  ///
  /// An area code in parentheses, or up to two groups of digits, then seven or so digits.
  func telephoneEnd() -> Int? {
    guard at(position) == 0x28 || at(position) == 0x2B || PTBCharacter.isDigit(at(position))
    else { return nil }
    var codes: Set<Int> = []
    if at(position) == 0x28 {
      let closed = step(digits([position + 1], 2...3), over: [0x29])
      codes = closed.union(step(closed, over: Self.spaces))
    } else {
      let plus = step([position], over: [0x2B])
      let start = plus.union(step(plus, over: [0x2B])).union([position])
      let country = step(digits(start, 2...4), over: Self.joints)
      codes = step(digits(start.union(country), 2...4), over: Self.joints)
    }
    let middle = digits(codes, 3...4)
    return digits(middle.union(step(middle, over: Self.joints)), 3...5).max()
  }

  private static let spaces: Set<UInt32> = [0x20, 0xA0]
  private static let joints: Set<UInt32> = [0x20, 0xA0, 0x2D]

  /// Every place that so many digits behind one of several places lead to.
  private func digits(_ starts: Set<Int>, _ counts: ClosedRange<Int>) -> Set<Int> {
    var ends: Set<Int> = []
    for start in starts {
      var count = 0
      while count < counts.upperBound, PTBCharacter.isDigit(at(start + count)) {
        count += 1
        if count >= counts.lowerBound { ends.insert(start + count) }
      }
    }
    return ends
  }

  /// Every place behind one of some characters.
  private func step(_ starts: Set<Int>, over values: Set<UInt32>) -> Set<Int> {
    Set(starts.filter { values.contains(at($0)) }.map { $0 + 1 })
  }
}
