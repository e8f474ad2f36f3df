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
  /// Captions, each as one line; behind some the lines that the tokenizer sees from there.
  private var captions: [String] = []
  private var places: [WordKey: Int32] = [:]
  private var pairs: [IndexedPair] = []
  private var numbers: [IndexedPair: Int32] = [:]

  /// Captions whose words may depend on what follows them.
  private var open: Set<Int32> = []

  /// Takes a pair.
  ///
  /// - Returns: The pair's number; equal pairs have the same.
  mutating func add(_ pair: SentencePair) -> Int32 {
    number(
      IndexedPair(
        hypothesis: place(pair.hypothesis), references: pair.references.map { place($0) }))
  }

  private mutating func number(_ pair: IndexedPair) -> Int32 {
    if let known = numbers[pair] { return known }
    let number = Int32(pairs.count)
    numbers[pair] = number
    pairs.append(pair)
    return number
  }

  /// Looks at the sentences of a set in the order in which the tokenizer reads them, and numbers
  /// anew those whose words depend on the sentence behind them.
  ///
  /// - Parameters:
  ///   - corpus: The numbers of the set's pairs.
  ///   - references: In which order the pairs' references are read, as places in `corpus`; nil for
  ///     as they are.
  ///   - hypotheses: The same for the hypotheses.
  mutating func settle(_ corpus: inout [Int32], references: [Int]?, hypotheses: [Int]?) {
    if open.isEmpty { return }
    var settled = corpus.map { pairs[Int($0)] }
    let references = references ?? Array(corpus.indices)
    let hypotheses = hypotheses ?? references
    for (place, caption) in zip(hypotheses, inContext(hypotheses.map { settled[$0].hypothesis })) {
      settled[place].hypothesis = caption
    }
    var captions = inContext(references.flatMap { settled[$0].references })[...]
    for place in references {
      settled[place].references = Array(captions.prefix(settled[place].references.count))
      captions.removeFirst(settled[place].references.count)
    }
    corpus = settled.map { number($0) }
  }

  /// The captions of a text, those that look ahead with all that they see: the lines up to the
  /// next one that is not blank.
  private mutating func inContext(_ text: [Int32]) -> [Int32] {
    text.indices.map { line in
      guard open.contains(text[line]) else { return text[line] }
      var seen = captions[Int(text[line])]
      var next = line + 1
      var isBlank = true
      while isBlank, next < text.count {
        let caption = captions[Int(text[next])]
        isBlank = caption.unicodeScalars.allSatisfy { PTBCharacter.isSpace($0.value) }
        seen += "\n" + caption
        next += 1
      }
      return place(ofText: seen)
    }
  }

  /// The counts of every pair, by number.
  ///
  /// - Parameters:
  ///   - corpus: The set's pairs, by number; each is a document of CIDEr.
  ///   - meteor: What METEOR works with.
  /// - Returns: As many counts as there are different pairs.
  func counts(of corpus: [Int32], meteor: MeteorResources) -> [SentenceCounts] {
    var repetitions = [Int](repeating: 0, count: pairs.count)
    for number in corpus { repetitions[Int(number)] += 1 }
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
    var hypothesis: Int32
    var references: [Int32]
  }

  /// The words of a caption as the metrics want them.
  private struct SplitCaption: Sendable {
    let tokens: [String]

    /// The tokens cut at the spaces in them; nil when there are none.
    let parts: [String]?

    /// METEOR's words; nil when they are the tokens.
    let meteorWords: [String]?

    init(_ tokens: [String]) {
      self.tokens = tokens
      let parts = tokens.contains(where: PTBTokenizer.hasSpace)
      self.parts = parts ? tokens.flatMap(PTBTokenizer.parts) : nil
      meteorWords = MeteorText.isPlain(tokens) ? nil : MeteorText.words(of: tokens)
    }
  }

  /// METEOR's words by the number of their token.
  private struct PlainWords {
    private var known: [MeteorWord?] = []

    mutating func word(
      _ number: Int32, _ text: String, in lexicon: inout MeteorLexicon
    ) -> MeteorWord {
      while known.count <= number { known.append(nil) }
      if let word = known[Int(number)] { return word }
      let word = lexicon.word(text)
      known[Int(number)] = word
      return word
    }
  }

  /// All captions in the forms that the metrics need.
  private struct Sentences: Sendable {
    var tokens: [[Int32]] = []
    var grams: [SentenceGrams] = []
    var meteorWords: [[MeteorWord]] = []
    var gramCount = 0
  }

  private mutating func place(_ caption: String) -> Int32 {
    let line = caption.utf8.contains(0x0A) ? caption.replacing("\n", with: " ") : caption
    let place = place(ofText: line)
    if place == captions.count - 1, PTBTokenizer.looksAhead(line) { open.insert(place) }
    return place
  }

  private mutating func place(ofText text: String) -> Int32 {
    let key = WordKey(text)
    if let known = places[key] { return known }
    places[key] = Int32(captions.count)
    captions.append(text)
    return Int32(captions.count - 1)
  }

  /// Splits all captions on several threads, and numbers their words on one.
  ///
  /// A token may hold a space, as in “1 1/2”: the reference's BLEU and CIDEr take it for two words,
  /// its ROUGE-L for one.
  private func prepared(_ lexicon: inout MeteorLexicon) -> Sentences {
    let captions = captions
    let split = ParallelMap.map(captions.count) { index in
      let lines = captions[index].utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
      return SplitCaption(PTBTokenizer.words(inFirstOf: lines.map { String($0) ?? "" }))
    }
    var plain = PlainWords()
    var sentences = Sentences()
    var numbers = WordNumbers()
    var table = GramTable()
    for caption in split {
      let tokens = numbers.numbers(of: caption.tokens)
      let words = caption.parts.map { numbers.numbers(of: $0) } ?? tokens
      sentences.tokens.append(tokens)
      sentences.grams.append(table.grams(of: words))
      if let words = caption.meteorWords {
        sentences.meteorWords.append(lexicon.words(words))
      } else {
        sentences.meteorWords.append(
          zip(tokens, caption.tokens).map { plain.word($0, $1, in: &lexicon) })
      }
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
