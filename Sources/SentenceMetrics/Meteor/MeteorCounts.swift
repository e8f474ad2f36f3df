/// The counts from which METEOR is computed; a corpus's score is the formula on the sums.
///
/// Formula and parameters: METEOR 1.5, English, task “rank” (α 0.85, β 0.2, γ 0.6, δ 0.75).
package struct MeteorCounts: Sendable {
  /// The counts as one vector, so that sums are sums: hypothesis length, reference length, function
  /// words in each, four counts a module, chunks, matched words in each.
  package private(set) var values: [Double]

  /// How many counts there are.
  package static let count = 4 + 4 * MeteorModule.allCases.count + 3

  private static let chunkPlace = count - 3

  /// Takes counts, for example sums.
  package init(values: some Sequence<Double>) { self.values = Array(values) }

  /// Counts one hypothesis against one reference.
  init(
    of hypothesis: [MeteorWord], with reference: [MeteorWord], lexicon: inout MeteorLexicon
  ) {
    values = [Double](repeating: 0, count: Self.count)
    values[0] = Double(hypothesis.count)
    values[1] = Double(reference.count)
    values[2] = Double(hypothesis.count(where: \.isFunction))
    values[3] = Double(reference.count(where: \.isFunction))
    let alignment = MeteorAligner.alignment(of: hypothesis, with: reference, lexicon: &lexicon)
    for case let match? in alignment {
      let place = 4 + 4 * match.module.rawValue
      for word in match.hypothesis { values[place + (hypothesis[word].isFunction ? 2 : 0)] += 1 }
      for word in match.reference { values[place + (reference[word].isFunction ? 3 : 1)] += 1 }
      values[Self.chunkPlace + 1] += Double(match.hypothesis.count)
      values[Self.chunkPlace + 2] += Double(match.reference.count)
    }
    values[Self.chunkPlace] = Double(Self.chunks(alignment))
  }

  /// Runs of matches that follow each other in both sentences.
  private static func chunks(_ alignment: [MeteorMatch?]) -> Int {
    var chunks = 0
    var expected = -1
    var place = 0
    while place < alignment.count {
      guard let match = alignment[place] else {
        expected = -1
        place += 1
        continue
      }
      if match.hypothesis.lowerBound != expected { chunks += 1 }
      expected = match.hypothesis.upperBound
      place = match.reference.upperBound
    }
    return chunks
  }

  /// The counts against the reference that gives the best score; the first of equally good ones.
  init(
    of hypothesis: [MeteorWord], withBestOf references: [[MeteorWord]],
    lexicon: inout MeteorLexicon
  ) {
    var best: MeteorCounts?
    var bestScore = -1.0
    for reference in references {
      let counts = MeteorCounts(of: hypothesis, with: reference, lexicon: &lexicon)
      let score = counts.score
      if score > bestScore {
        best = counts
        bestScore = score
      }
    }
    self = best ?? MeteorCounts(values: [Double](repeating: 0, count: Self.count))
  }

  /// What a sentence adds to a corpus: METEOR leaves out the one chunk of a perfect match.
  package var addend: [Double] {
    var addend = values
    if isPerfect { addend[Self.chunkPlace] = 0 }
    return addend
  }

  private func matched(_ side: Int) -> Double {
    MeteorModule.allCases.reduce(0) { $0 + at($1, side) + at($1, side + 2) }
  }

  private func at(_ module: MeteorModule, _ offset: Int) -> Double {
    values[4 + 4 * module.rawValue + offset]
  }

  private var isPerfect: Bool {
    matched(0) == values[0] && matched(1) == values[1] && values[Self.chunkPlace] == 1
  }

  /// The score, 0…1.
  package var score: Double {
    let content = 0.75
    let length = (0...1).map { side in
      content * (values[side] - values[side + 2]) + (1 - content) * values[side + 2]
    }
    let match = (0...1).map { side in
      MeteorModule.allCases.reduce(0.0) { sum, module in
        sum + module.weight
          * (content * at(module, side) + (1 - content) * at(module, side + 2))
      }
    }
    guard match[0] > 0, match[1] > 0, length[0] > 0, length[1] > 0 else { return 0 }
    let mean = 1 / (0.15 / (match[0] / length[0]) + 0.85 / (match[1] / length[1]))
    let words = (values[Self.chunkPlace + 1] + values[Self.chunkPlace + 2]) / 2
    let fragmentation = isPerfect ? 0 : values[Self.chunkPlace] / words
    return max(0, mean * (1 - 0.6 * power(fragmentation, 0.2)))
  }
}
