/// The counts from which BLEU is computed; counts of a corpus are the sums of its sentences'.
///
/// Formula and constants: `bleu_scorer.py` of pycocoevalcap 1.2, option “closest”.
struct BLEUCounts {
  /// Matched n-grams (clipped by the references), for n = 1…4.
  var matches = SIMD4<Double>.zero

  /// N-grams of the hypothesis, for n = 1…4.
  var guesses = SIMD4<Double>.zero

  /// Words of the hypothesis.
  var length = 0.0

  /// Words of the reference closest in length; the shorter of two equally close.
  var referenceLength = 0.0

  init() {}

  init(_ pair: CaptionPair) {
    length = Double(pair.hypothesis.count)
    let closest = pair.references.map(\.count).min {
      let first = abs($0 - pair.hypothesis.count)
      let second = abs($1 - pair.hypothesis.count)
      return (first, $0) < (second, $1)
    }
    referenceLength = Double(closest ?? 0)
    for order in 1...4 {
      guesses[order - 1] = Double(max(0, pair.hypothesis.count - order + 1))
      let references = pair.references.map { NGramCounts(of: $0, length: order).counts }
      let hypothesis = NGramCounts(of: pair.hypothesis, length: order).counts
      for (gram, count) in hypothesis {
        let allowed = references.reduce(0) { max($0, $1[gram] ?? 0) }
        matches[order - 1] += Double(min(count, allowed))
      }
    }
  }

  /// BLEU-1 … BLEU-4.
  var scores: [Double] {
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
