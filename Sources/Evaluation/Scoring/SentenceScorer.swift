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

  private var keys: [WordKey] { ([hypothesis] + references).map(WordKey.init) }

  static func == (left: SentencePair, right: SentencePair) -> Bool { left.keys == right.keys }

  func hash(into hasher: inout Hasher) { hasher.combine(keys) }
}

/// Scores the sentences of one set; equal pairs are computed once.
struct SentenceScorer {
  private var tokens: [WordKey: [String]] = [:]
  private var wordNumbers = WordNumbers()
  private var meteorWords: [WordKey: [MeteorWord]] = [:]
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
    learn(set)
    cider = CIDEr(
      documents: set.map { pair in
        numbered(pair, splittingTokens: true).references
      })
  }

  /// Tells the lexicon every word of the set, so that it knows which paraphrases can matter.
  private mutating func learn(_ set: [SentencePair]) {
    for pair in Set(set) {
      for caption in pair.references + [pair.hypothesis] { _ = meteorWords(of: caption) }
    }
  }

  private mutating func meteorWords(of caption: String) -> [MeteorWord] {
    if let known = meteorWords[WordKey(caption)] { return known }
    let words = lexicon.words(of: tokens(of: caption))
    meteorWords[WordKey(caption)] = words
    return words
  }

  /// The counts of one pair of the set.
  mutating func counts(of pair: SentencePair) -> SentenceCounts {
    if let counts = known[pair] { return counts }
    let words = numbered(pair, splittingTokens: true)
    let tokens = numbered(pair, splittingTokens: false)
    let hypothesis = meteorWords(of: pair.hypothesis)
    let references = pair.references.map { meteorWords(of: $0) }
    let counts = SentenceCounts(
      bleu: BLEUCounts(words), rougeL: RougeL.score(tokens), cider: cider.score(words),
      meteor: MeteorCounts(of: hypothesis, withBestOf: references, lexicon: &lexicon))
    known[pair] = counts
    return counts
  }

  /// The pair as numbers. A token may hold a space, as in “1 1/2”: the reference's BLEU and CIDEr
  /// take it for two words, its ROUGE-L for one.
  private mutating func numbered(
    _ pair: SentencePair, splittingTokens isSplit: Bool
  ) -> CaptionPair {
    func numbers(_ caption: String) -> [Int32] {
      let tokens = tokens(of: caption)
      return wordNumbers.numbers(of: isSplit ? tokens.flatMap(PTBTokenizer.parts) : tokens)
    }
    return CaptionPair(
      hypothesis: numbers(pair.hypothesis), references: pair.references.map(numbers))
  }

  private mutating func tokens(of caption: String) -> [String] {
    if let known = tokens[WordKey(caption)] { return known }
    let words = PTBTokenizer.words(in: caption)
    tokens[WordKey(caption)] = words
    return words
  }
}
