/// Up to four words in a row, by their numbers in a ``WordNumbers``; unused places hold −1.
typealias NGram = SIMD4<Int32>

/// Numbers for words, so that n-grams are compared without comparing text.
struct WordNumbers {
  private var numbers: [String: Int32] = [:]

  /// The number of each word; new words get new ones.
  mutating func numbers(of words: [String]) -> [Int32] {
    words.map { word in
      if let known = numbers[word] { return known }
      let number = Int32(numbers.count)
      numbers[word] = number
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
