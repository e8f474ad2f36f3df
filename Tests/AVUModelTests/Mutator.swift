import Foundation

/// Random numbers and damage that are the same every time.
struct Mutator: RandomNumberGenerator {
  /// How many damaged inputs a test tries; `AVU_FUZZ_INPUTS` sets another number.
  static let inputs =
    ProcessInfo.processInfo.environment["AVU_FUZZ_INPUTS"].flatMap { Int($0) } ?? 20_000

  /// What takes the place of numbers and words: limits, wrong types, and what is no JSON.
  private static let odd = [
    "0", "-1", "1", "2", "0.5", "65537", "4294967296", "9223372036854775807",
    "-9223372036854775808", "18446744073709551616", "1e308", "1e999", "-0.0", "true", "null",
    "\"\"", "\"x\"", "[]", "{}", "[[]]", "NaN", "01", "\"\\u0000\"", "\"\\ud800\"", "",
  ].map { Array($0.utf8) }

  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64: G. Steele and others, “Fast splittable pseudorandom number generators” (2014).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<max(1, count), using: &self) }

  /// The bytes with one to three kinds of damage.
  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(3) { damage(&bytes) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return bytes.append(UInt8(below(256))) }
    let place = below(bytes.count)
    let end = min(bytes.count, place + 1 + below(12))
    switch below(8) {
    case 0: bytes[place] ^= 1 << UInt8(below(8))
    case 1: bytes[place] = UInt8(below(256))
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count))
    case 4: bytes.removeLast(min(bytes.count, 1 + below(64)))
    default: replaceValue(in: &bytes, from: place)
    }
  }

  /// Puts something odd in the place of the next number or word.
  private mutating func replaceValue(in bytes: inout [UInt8], from place: Int) {
    let separators = Set(":,[]{}".utf8)
    guard let start = bytes[place...].firstIndex(where: { separators.contains($0) }) else { return }
    let first = start + 1
    let last = bytes[first...].firstIndex { separators.contains($0) } ?? bytes.count
    bytes.replaceSubrange(first..<last, with: Self.odd[below(Self.odd.count)])
  }
}
