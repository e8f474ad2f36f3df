/// CIDEr-D with n = 1…4 and σ = 6, as `cider_scorer.py` of pycocoevalcap 1.2.
///
/// How much an n-gram weighs depends on how many of the set's frames have it in a reference, so
/// a score belongs to its set.
struct CIDEr: Sendable {
  /// By n-gram number, the logarithm of the set's size over the number of frames that have it.
  private let rarities: [Double]

  /// - Parameters:
  ///   - frequencies: In how many of the set's frames each n-gram occurs, by its number.
  ///   - count: How many frames the set has.
  init(_ frequencies: [Int32], count: Int) {
    let logCount = logarithm(Double(max(1, count)))
    rarities = frequencies.map { logCount - logarithm(Double(max(1, $0))) }
  }

  /// The score of one sentence, 0…10.
  func score(_ hypothesis: SentenceGrams, _ references: [SentenceGrams]) -> Double {
    guard !references.isEmpty else { return 0 }
    let norms = self.norms(hypothesis)
    let sum = references.reduce(0.0) { $0 + similarity(hypothesis, norms, $1) }
    return sum / Double(references.count) * 10
  }

  private func norms(_ grams: SentenceGrams) -> [Double] {
    grams.orders.map { entries in
      entries.reduce(0.0) { sum, entry in
        let weight = Double(entry.count) * rarities[Int(entry.gram)]
        return sum + weight * weight
      }.squareRoot()
    }
  }

  /// The mean over n of the clipped cosine, less the more the lengths differ; the reference counts
  /// bigrams where it means words.
  private func similarity(
    _ hypothesis: SentenceGrams, _ norms: [Double], _ reference: SentenceGrams
  ) -> Double {
    let difference = Double(max(0, hypothesis.length - 1) - max(0, reference.length - 1))
    let damping = exponential(-difference * difference / 72)
    let own = self.norms(reference)
    var sum = 0.0
    for order in 0..<4 {
      var value = 0.0
      SentenceGrams.forEachShared(hypothesis.orders[order], reference.orders[order]) {
        gram, one, other in
        let rarity = rarities[Int(gram)]
        value += min(Double(one) * rarity, Double(other) * rarity) * Double(other) * rarity
      }
      let norm = norms[order] * own[order]
      if norm != 0 { value /= norm }
      sum += value * damping
    }
    return sum / 4
  }
}

extension SentenceGrams {
  /// Goes through the n-grams that two sorted lists share.
  static func forEachShared(
    _ first: [GramCount], _ second: [GramCount],
    _ body: (_ gram: Int32, _ first: Int32, _ second: Int32) -> Void
  ) {
    var one = 0
    var other = 0
    while one < first.count, other < second.count {
      let (left, right) = (first[one], second[other])
      if left.gram == right.gram {
        body(left.gram, left.count, right.count)
        one += 1
        other += 1
      } else if left.gram < right.gram {
        one += 1
      } else {
        other += 1
      }
    }
  }
}
