/// What one sentence adds to the sums of its set.
struct SentenceCounts: Sendable {
  let bleu: BLEUCounts
  let rougeL: Double
  let cider: Double
  let meteor: MeteorCounts
}

/// A sentence to score, as text.
struct SentencePair: Sendable {
  let hypothesis: String
  let references: [String]
}

/// Scores the sentences of one set; equal sentences and equal pairs are looked at once.
struct SentenceScorer {
  private var captions: [String] = []
  private var places: [WordKey: Int] = [:]

  /// The counts of every pair of a set.
  ///
  /// - Parameters:
  ///   - set: The pairs, with repetitions: each counts as one document of CIDEr.
  ///   - meteor: What METEOR works with.
  /// - Returns: For each pair of the set its counts.
  static func counts(of set: [SentencePair], meteor: MeteorResources) -> [SentenceCounts] {
    var scorer = SentenceScorer()
    let pairs = set.map { scorer.indexed($0) }
    var seen: [IndexedPair: Int] = [:]
    var distinct: [IndexedPair] = []
    let order = pairs.map { pair in
      if let place = seen[pair] { return place }
      seen[pair] = distinct.count
      distinct.append(pair)
      return distinct.count - 1
    }
    var lexicon = MeteorLexicon(meteor)
    let sentences = scorer.prepared(&lexicon)
    let cider = CIDEr(
      documents: pairs.map { pair in pair.references.map { sentences.grams[$0] } },
      gramCount: sentences.gramCount)
    let list = distinct
    let counts = ParallelMap.map(list.count, state: lexicon) { lexicon, index in
      Self.counts(of: list[index], in: sentences, cider, &lexicon)
    }
    return order.map { counts[$0] }
  }

  /// A pair as places in the list of captions.
  private struct IndexedPair: Hashable, Sendable {
    let hypothesis: Int
    let references: [Int]
  }

  /// All captions in the forms that the metrics need.
  private struct Sentences: Sendable {
    var tokens: [[Int32]] = []
    var grams: [SentenceGrams] = []
    var meteorWords: [[MeteorWord]] = []
    var gramCount = 0
  }

  private mutating func indexed(_ pair: SentencePair) -> IndexedPair {
    IndexedPair(hypothesis: place(pair.hypothesis), references: pair.references.map { place($0) })
  }

  private mutating func place(_ caption: String) -> Int {
    let key = WordKey(caption)
    if let known = places[key] { return known }
    places[key] = captions.count
    captions.append(caption)
    return captions.count - 1
  }

  /// Splits all captions on several threads, and numbers their words on one.
  ///
  /// A token may hold a space, as in “1 1/2”: the reference's BLEU and CIDEr take it for two words,
  /// its ROUGE-L for one.
  private func prepared(_ lexicon: inout MeteorLexicon) -> Sentences {
    let captions = captions
    let split = ParallelMap.map(captions.count) { index in
      let tokens = PTBTokenizer.words(in: captions[index])
      return (tokens: tokens, meteorWords: MeteorText.words(of: tokens))
    }
    var sentences = Sentences()
    var numbers = WordNumbers()
    var table = GramTable()
    for caption in split {
      let tokens = numbers.numbers(of: caption.tokens)
      let parts = caption.tokens.flatMap(PTBTokenizer.parts)
      let words = parts == caption.tokens ? tokens : numbers.numbers(of: parts)
      sentences.tokens.append(tokens)
      sentences.grams.append(table.grams(of: words))
      sentences.meteorWords.append(lexicon.words(caption.meteorWords))
    }
    sentences.gramCount = table.count
    return sentences
  }

  private static func counts(
    of pair: IndexedPair, in sentences: Sentences, _ cider: CIDEr, _ lexicon: inout MeteorLexicon
  ) -> SentenceCounts {
    let hypothesis = sentences.grams[pair.hypothesis]
    let references = pair.references.map { sentences.grams[$0] }
    let tokens = CaptionPair(
      hypothesis: sentences.tokens[pair.hypothesis],
      references: pair.references.map { sentences.tokens[$0] })
    return SentenceCounts(
      bleu: BLEUCounts(hypothesis, references), rougeL: RougeL.score(tokens),
      cider: cider.score(hypothesis, references),
      meteor: MeteorCounts(
        of: sentences.meteorWords[pair.hypothesis],
        withBestOf: pair.references.map { sentences.meteorWords[$0] }, lexicon: &lexicon))
  }
}
