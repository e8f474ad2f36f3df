/// What one sentence adds to the sums of its set.
struct SentenceCounts {
  let bleu: BLEUCounts
  let rougeL: Double
  let cider: Double
  let meteor: MeteorCounts
}

/// A sentence to score, as text.
struct SentencePair: Hashable {
  let hypothesis: String
  let references: [String]
}

/// Scores the sentences of one set; equal pairs are computed once.
struct SentenceScorer {
  private var tokens: [String: [String]] = [:]
  private var wordNumbers = WordNumbers()
  private var lexicon: MeteorLexicon
  private var known: [SentencePair: SentenceCounts] = [:]
  private var cider: CIDEr

  /// Learns the set's document frequencies.
  ///
  /// - Parameters:
  ///   - set: All pairs of the set, with repetitions: each counts as one document of CIDEr.
  ///   - lexicon: Where METEOR's words come from.
  init(set: [SentencePair], lexicon: MeteorLexicon) {
    self.lexicon = lexicon
    cider = CIDEr(documents: [])
    cider = CIDEr(documents: set.map { pair in numbered(pair).references })
  }

  /// The counts of one pair of the set.
  mutating func counts(of pair: SentencePair) -> SentenceCounts {
    if let counts = known[pair] { return counts }
    let numbers = numbered(pair)
    let hypothesis = lexicon.words(of: words(of: pair.hypothesis))
    let references = pair.references.map { lexicon.words(of: words(of: $0)) }
    let counts = SentenceCounts(
      bleu: BLEUCounts(numbers), rougeL: RougeL.score(numbers), cider: cider.score(numbers),
      meteor: MeteorCounts(of: hypothesis, withBestOf: references))
    known[pair] = counts
    return counts
  }

  private mutating func numbered(_ pair: SentencePair) -> CaptionPair {
    CaptionPair(
      hypothesis: wordNumbers.numbers(of: words(of: pair.hypothesis)),
      references: pair.references.map { wordNumbers.numbers(of: words(of: $0)) })
  }

  private mutating func words(of caption: String) -> [String] {
    if let known = tokens[caption] { return known }
    let words = PTBTokenizer.words(in: caption)
    tokens[caption] = words
    return words
  }
}
