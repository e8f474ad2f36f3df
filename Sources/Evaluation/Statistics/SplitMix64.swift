/// Sebastiano Vigna's SplitMix64: small, and the same on every machine.
package struct SplitMix64 {
  private var state: UInt64

  /// Begins a sequence.
  ///
  /// - Parameters:
  ///   - seed: Where the numbers begin.
  ///   - stream: Which of the seed's independent sequences; one a resample, so that resamples are
  ///     the same in whatever order and on however many threads they are drawn.
  package init(seed: UInt64, stream: Int = 0) {
    state = seed
    state = next() &+ UInt64(bitPattern: Int64(stream)) &* 0xD1B5_4A32_D192_ED03
    state = next()
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  package mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
