/// Up to four words in a row, by their numbers in a ``WordNumbers``; unused places hold −1.
typealias NGram = SIMD4<Int32>

/// A word as the key of a table: the same only if it is written with the same characters, where
/// Swift's strings take “é” and “e” with an accent for equal.
struct WordKey: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: WordKey, right: WordKey) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// Numbers for words, so that n-grams are compared without comparing text.
struct WordNumbers {
  private var numbers: [WordKey: Int32] = [:]

  /// The number of each word; new words get new ones.
  mutating func numbers(of words: [String]) -> [Int32] {
    words.map { word in
      let key = WordKey(word)
      if let known = numbers[key] { return known }
      let number = Int32(numbers.count)
      numbers[key] = number
      return number
    }
  }
}

/// How often each n-gram of one length stands in a sentence.
struct NGramCounts {
  let counts: [NGram: Int]

  init(of words: [Int32], length: Int) {
    guard words.count >= length else {
      counts = [:]
      return
    }
    var counts: [NGram: Int] = [:]
    for start in 0...(words.count - length) {
      var gram = NGram(repeating: -1)
      for place in 0..<length { gram[place] = words[start + place] }
      counts[gram, default: 0] += 1
    }
    self.counts = counts
  }
}

/// One sentence to score beside the sentences that people wrote, as word numbers.
struct CaptionPair: Hashable {
  let hypothesis: [Int32]
  let references: [[Int32]]
}
