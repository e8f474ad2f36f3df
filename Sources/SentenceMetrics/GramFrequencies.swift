import Streaming

/// In how many of a set's frames each n-gram of the references occurs.
///
/// Beyond a number of n-grams, what was counted goes to a temporary file in parts, and is added up
/// part by part when all is counted.
struct GramFrequencies: Sendable {
  private var keys: [GramWords]
  private var counts: [Int32]
  private var used = 0
  private let most: Int

  private let spool: Spool
  private var spilled: SpooledParts?

  /// Into how many parts n-grams are divided on their way through the file.
  static let parts = 1024
  private static let free = GramWords(repeating: -1)

  /// - Parameters:
  ///   - most: How many n-grams are counted in memory.
  ///   - spool: Where more of them go.
  init(most: Int = 1 << 19, spool: Spool = Spool()) {
    self.most = most
    self.spool = spool
    keys = [GramWords](repeating: Self.free, count: 1024)
    counts = [Int32](repeating: 0, count: 1024)
  }

  /// Adds frames in which an n-gram occurs whose words are places in a list of numbers.
  mutating func add(_ frames: Int32, to gram: GramWords, words: [Int32]) {
    var own = GramWords(repeating: -1)
    for place in 0..<4 where gram[place] >= 0 { own[place] = words[Int(gram[place])] }
    add(frames, to: own)
  }

  /// Adds frames in which an n-gram occurs.
  mutating func add(_ frames: Int32, to gram: GramWords) {
    let place = slot(of: gram)
    if keys[place] == gram {
      counts[place] += frames
      return
    }
    if used >= most { spill() }
    insert(gram, frames)
  }

  /// Whether the n-grams are too many for memory, so that a ``FrequencyLookup`` must find them.
  var isSpilled: Bool { spilled != nil }

  /// Ends counting: from here on frequencies can be asked for.
  mutating func finish() {
    if spilled == nil { return }
    spill()
    spilled?.flush()
    (keys, counts) = ([], [])
  }

  /// The frequencies of the n-grams of a part, of those that are spilled.
  func part(_ part: Int) -> GramFrequencies {
    var sums = GramFrequencies(most: .max, spool: spool)
    spilled?.forEachRecord(of: part) { reader in
      let gram = reader.gram()
      sums.add(reader.int32(), to: gram)
    }
    return sums
  }

  /// In how many frames an n-gram occurs, unless they are spilled.
  subscript(gram: GramWords) -> Int32 {
    let place = slot(of: gram)
    return keys[place] == gram ? counts[place] : 0
  }

  /// To which part an n-gram belongs.
  static func part(of gram: GramWords) -> Int { Int(truncatingIfNeeded: hash(gram) >> 54) }

  private mutating func insert(_ gram: GramWords, _ count: Int32) {
    if used * 2 >= keys.count { grow() }
    let place = slot(of: gram)
    keys[place] = gram
    counts[place] = count
    used += 1
  }

  /// Moves everything to the file.
  private mutating func spill() {
    var parts = spilled ?? SpooledParts(Self.parts, in: spool)
    spilled = nil
    for (gram, count) in zip(keys, counts) where gram != Self.free {
      parts.append(to: Self.part(of: gram)) { record in
        record.append(gram)
        record.append(count)
      }
    }
    spilled = parts
    for place in keys.indices {
      keys[place] = Self.free
      counts[place] = 0
    }
    used = 0
  }

  private static func hash(_ gram: GramWords) -> UInt64 {
    let halves = unsafeBitCast(gram, to: SIMD2<UInt64>.self)
    var mixed = (halves[0] ^ halves[0] >> 29) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed >> 32 ^ halves[1]) &* 0xD1B5_4A32_D192_ED03
    return (mixed ^ mixed >> 29) &* 0x9E37_79B9_7F4A_7C15
  }

  /// Where an n-gram is, or where it would go.
  private func slot(of gram: GramWords) -> Int {
    var place = Int(truncatingIfNeeded: Self.hash(gram) >> 24) & (keys.count - 1)
    while keys[place] != gram && keys[place] != Self.free { place = (place + 1) & (keys.count - 1) }
    return place
  }

  private mutating func grow() {
    let old = (keys, counts)
    keys = [GramWords](repeating: Self.free, count: old.0.count * 2)
    counts = [Int32](repeating: 0, count: old.0.count * 2)
    for (gram, count) in zip(old.0, old.1) where gram != Self.free {
      let place = slot(of: gram)
      keys[place] = gram
      counts[place] = count
    }
  }
}

extension ByteRecord {
  mutating func append(_ gram: GramWords) { for word in 0..<4 { append(gram[word]) } }
}

extension ByteReader {
  mutating func gram() -> GramWords { GramWords(int32(), int32(), int32(), int32()) }
}
