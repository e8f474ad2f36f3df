/// CIDEr-D with n = 1…4 and σ = 6, as `cider_scorer.py` of pycocoevalcap 1.2.
///
/// How much an n-gram weighs depends on how many of the set's frames have it in a reference, so
/// a score belongs to its set.
struct CIDEr {
  private let frequencies: [NGram: Int]
  private let logCount: Double

  /// Counts in how many of the set's items each n-gram of the references occurs.
  init(documents: [[[Int32]]]) {
    var frequencies: [NGram: Int] = [:]
    for references in documents {
      var grams: Set<NGram> = []
      for reference in references {
        for order in 1...4 {
          grams.formUnion(NGramCounts(of: reference, length: order).counts.keys)
        }
      }
      for gram in grams { frequencies[gram, default: 0] += 1 }
    }
    self.frequencies = frequencies
    logCount = logarithm(Double(max(1, documents.count)))
  }

  /// The score of one sentence, 0…10.
  func score(_ pair: CaptionPair) -> Double {
    guard !pair.references.isEmpty else { return 0 }
    let hypothesis = weighted(pair.hypothesis)
    let sum = pair.references.reduce(0.0) { $0 + similarity(hypothesis, weighted($1)) }
    return sum / Double(pair.references.count) * 10
  }

  /// TF-IDF vectors of one sentence, one for each n.
  private struct Vectors {
    var weights: [[NGram: Double]]
    var norms: [Double]

    /// The reference counts bigrams where it means words.
    var bigrams: Double
  }

  private func weighted(_ words: [Int32]) -> Vectors {
    var vectors = Vectors(weights: [], norms: [], bigrams: Double(max(0, words.count - 1)))
    for order in 1...4 {
      var weights: [NGram: Double] = [:]
      for (gram, count) in NGramCounts(of: words, length: order).counts {
        let rarity = logCount - logarithm(Double(max(1, frequencies[gram] ?? 0)))
        weights[gram] = Double(count) * rarity
      }
      vectors.norms.append(weights.values.map { $0 * $0 }.sorted().reduce(0, +).squareRoot())
      vectors.weights.append(weights)
    }
    return vectors
  }

  /// The mean over n of the clipped cosine, less the more the lengths differ.
  private func similarity(_ hypothesis: Vectors, _ reference: Vectors) -> Double {
    let difference = hypothesis.bigrams - reference.bigrams
    let damping = exponential(-difference * difference / 72)
    var sum = 0.0
    for order in 0..<4 {
      let products = hypothesis.weights[order].compactMap { gram, weight in
        reference.weights[order][gram].map { min(weight, $0) * $0 }
      }
      var value = products.sorted().reduce(0, +)
      let norms = hypothesis.norms[order] * reference.norms[order]
      if norms != 0 { value /= norms }
      sum += value * damping
    }
    return sum / 4
  }
}
