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
struct SentenceScorer: Sendable {
  private var captions: [String] = []
  private var places: [WordKey: Int32] = [:]
  private var pairs: [IndexedPair] = []
  private var repetitions: [Int] = []
  private var numbers: [IndexedPair: Int32] = [:]

  /// Takes a pair of the set; each counts as one document of CIDEr.
  ///
  /// - Returns: The pair's number; equal pairs have the same.
  mutating func add(_ pair: SentencePair) -> Int32 {
    let indexed = IndexedPair(
      hypothesis: place(pair.hypothesis), references: pair.references.map { place($0) })
    if let known = numbers[indexed] {
      repetitions[Int(known)] += 1
      return known
    }
    let number = Int32(pairs.count)
    numbers[indexed] = number
    pairs.append(indexed)
    repetitions.append(1)
    return number
  }

  /// The counts of every pair, by number.
  ///
  /// - Parameter meteor: What METEOR works with.
  /// - Returns: As many counts as there are different pairs.
  func counts(meteor: MeteorResources) -> [SentenceCounts] {
    var lexicon = MeteorLexicon(meteor)
    let sentences = prepared(&lexicon)
    let cider = CIDEr(
      documents: pairs.map { $0.references.map { sentences.grams[Int($0)] } },
      repetitions: repetitions, gramCount: sentences.gramCount)
    return ParallelMap.map(pairs.count, state: lexicon) { [pairs] lexicon, index in
      Self.counts(of: pairs[index], in: sentences, cider, &lexicon)
    }
  }

  /// A pair as places in the list of captions.
  private struct IndexedPair: Hashable, Sendable {
    let hypothesis: Int32
    let references: [Int32]
  }

  /// All captions in the forms that the metrics need.
  private struct Sentences: Sendable {
    var tokens: [[Int32]] = []
    var grams: [SentenceGrams] = []
    var meteorWords: [[MeteorWord]] = []
    var gramCount = 0
  }

  private mutating func place(_ caption: String) -> Int32 {
    let key = WordKey(caption)
    if let known = places[key] { return known }
    places[key] = Int32(captions.count)
    captions.append(caption)
    return Int32(captions.count - 1)
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
    let hypothesis = sentences.grams[Int(pair.hypothesis)]
    let references = pair.references.map { sentences.grams[Int($0)] }
    let tokens = CaptionPair(
      hypothesis: sentences.tokens[Int(pair.hypothesis)],
      references: pair.references.map { sentences.tokens[Int($0)] })
    return SentenceCounts(
      bleu: BLEUCounts(hypothesis, references), rougeL: RougeL.score(tokens),
      cider: cider.score(hypothesis, references),
      meteor: MeteorCounts(
        of: sentences.meteorWords[Int(pair.hypothesis)],
        withBestOf: pair.references.map { sentences.meteorWords[Int($0)] }, lexicon: &lexicon))
  }
}
