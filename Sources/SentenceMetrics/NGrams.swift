import Foundation

/// A word as the key of a table: the same only if it is written with the same characters, where
/// Swift's strings take “é” and “e” with an accent for equal.
struct WordKey: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: WordKey, right: WordKey) -> Bool {
    var (left, right) = (left.text, right.text)
    return left.withUTF8 { one in
      right.withUTF8 { other in
        guard one.count == other.count else { return false }
        guard let first = one.baseAddress, let second = other.baseAddress else { return true }
        return memcmp(first, second, one.count) == 0
      }
    }
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// Numbers for words, so that n-grams are compared without comparing text.
struct Vocabulary: Sendable {
  private var numbers: [WordKey: Int32] = [:]

  /// The words by number.
  private(set) var texts: [String] = []

  /// The number of a word; a new word gets a new one.
  mutating func number(of word: String) -> Int32 {
    let key = WordKey(word)
    if let known = numbers[key] { return known }
    let number = Int32(texts.count)
    numbers[key] = number
    texts.append(word)
    return number
  }

  /// The number of each word.
  mutating func numbers(of words: [String]) -> [Int32] { words.map { number(of: $0) } }

  /// The number of a word that is known.
  func known(_ word: String) -> Int32? { numbers[WordKey(word)] }
}

/// How often an n-gram stands in a sentence.
struct GramCount: Hashable, Sendable {
  /// The n-gram's number in a ``GramTable``.
  let gram: Int32

  var count: Int32
}

/// The n-grams of a sentence for n = 1…4, each list sorted by number.
struct SentenceGrams: Sendable {
  let length: Int
  let orders: [[GramCount]]
}

/// The words of an n-gram by number, −1 behind its end.
typealias GramWords = SIMD4<Int32>

/// Numbers for n-grams of up to four words: an n-gram is the one without its last word, and that
/// word. An open hash table, since this is where most of the time of scoring went.
struct GramTable {
  private var keys: [UInt64]
  private var values: [Int32]

  /// The n-grams by number.
  private(set) var grams: [GramWords] = []

  /// How many n-grams have a number.
  var count: Int { grams.count }

  init() {
    keys = [UInt64](repeating: .max, count: 1024)
    values = [Int32](repeating: 0, count: 1024)
  }

  /// The n-grams of a sentence of numbered words.
  mutating func grams(of words: [Int32]) -> SentenceGrams {
    var last = [Int32](repeating: -1, count: words.count)
    let orders = (1...4).map { order -> [GramCount] in
      if words.count < order { return [] }
      for start in 0...(words.count - order) {
        last[start] = number(
          prefix: last[start], word: words[start + order - 1], order: order)
      }
      return Self.counts(last.prefix(words.count - order + 1))
    }
    return SentenceGrams(length: words.count, orders: orders)
  }

  private static func counts(_ numbers: ArraySlice<Int32>) -> [GramCount] {
    var counts: [GramCount] = []
    counts.reserveCapacity(numbers.count)
    for number in numbers.sorted() {
      if counts.last?.gram == number {
        counts[counts.count - 1].count += 1
      } else {
        counts.append(GramCount(gram: number, count: 1))
      }
    }
    return counts
  }

  private mutating func number(prefix: Int32, word: Int32, order: Int) -> Int32 {
    let key = UInt64(UInt32(bitPattern: prefix &+ 1)) << 32 | UInt64(UInt32(bitPattern: word))
    var place = slot(of: key)
    if keys[place] == key { return values[place] }
    if count * 2 >= keys.count {
      grow()
      place = slot(of: key)
    }
    keys[place] = key
    values[place] = Int32(count)
    var gram = prefix < 0 ? GramWords(repeating: -1) : grams[Int(prefix)]
    gram[order - 1] = word
    grams.append(gram)
    return Int32(count - 1)
  }

  /// Where a key is, or where it would go.
  private func slot(of key: UInt64) -> Int {
    let mixed = (key ^ key >> 29) &* 0x9E37_79B9_7F4A_7C15
    var place = Int(truncatingIfNeeded: mixed >> 32) & (keys.count - 1)
    while keys[place] != key && keys[place] != .max { place = (place + 1) & (keys.count - 1) }
    return place
  }

  private mutating func grow() {
    let old = (keys, values)
    keys = [UInt64](repeating: .max, count: old.0.count * 2)
    values = [Int32](repeating: 0, count: old.0.count * 2)
    for (key, value) in zip(old.0, old.1) where key != .max {
      let place = slot(of: key)
      keys[place] = key
      values[place] = value
    }
  }
}

/// One sentence to score beside the sentences that people wrote, as word numbers.
struct CaptionPair: Hashable {
  let hypothesis: [Int32]
  let references: [[Int32]]
}
