/// The counts from which BLEU is computed; counts of a corpus are the sums of its sentences'.
///
/// Formula and constants: `bleu_scorer.py` of pycocoevalcap 1.2, option “closest”.
package struct BLEUCounts: Sendable {
  /// Matched n-grams (clipped by the references), for n = 1…4.
  package var matches = SIMD4<Double>.zero

  /// N-grams of the hypothesis, for n = 1…4.
  package var guesses = SIMD4<Double>.zero

  /// Words of the hypothesis.
  package var length = 0.0

  /// Words of the reference closest in length; the shorter of two equally close.
  package var referenceLength = 0.0

  package init() {}

  init(_ pair: CaptionPair) {
    var table = GramTable()
    let hypothesis = table.grams(of: pair.hypothesis)
    self.init(hypothesis, pair.references.map { table.grams(of: $0) })
  }

  init(_ hypothesis: SentenceGrams, _ references: [SentenceGrams]) {
    length = Double(hypothesis.length)
    let closest = references.map(\.length).min {
      let first = abs($0 - hypothesis.length)
      let second = abs($1 - hypothesis.length)
      return (first, $0) < (second, $1)
    }
    referenceLength = Double(closest ?? 0)
    for order in 0..<4 {
      guesses[order] = Double(max(0, hypothesis.length - order))
      matches[order] = Self.matches(
        hypothesis.orders[order], references.map { $0.orders[order] })
    }
  }

  /// N-grams of the hypothesis, none oftener than the reference that has it most.
  private static func matches(_ hypothesis: [GramCount], _ references: [[GramCount]]) -> Double {
    var allowed: [Int32: Int32] = [:]
    if references.count == 1 {
      var sum: Int32 = 0
      SentenceGrams.forEachShared(hypothesis, references[0]) { sum += min($1, $2) }
      return Double(sum)
    }
    for reference in references {
      SentenceGrams.forEachShared(hypothesis, reference) { gram, own, other in
        allowed[gram] = max(allowed[gram] ?? 0, min(own, other))
      }
    }
    return Double(allowed.values.reduce(0, +))
  }

  /// BLEU-1 … BLEU-4.
  package var scores: [Double] {
    let tiny = 1e-15
    let small = 1e-9
    let ratio = (length + tiny) / (referenceLength + small)
    let brevity = ratio < 1 ? exponential(1 - 1 / ratio) : 1
    var product = 1.0
    return (1...4).map { order in
      product *= (matches[order - 1] + tiny) / (guesses[order - 1] + small)
      return power(product, 1 / Double(order)) * brevity
    }
  }
}
