package import Streaming

/// The sentences of one set, which are scored in two rounds, since how much an n-gram weighs in CIDEr
/// depends on the whole set: first all sentences are read and their n-grams counted, then they are
/// scored.
///
/// Between the rounds sentences lie in a temporary file as numbers. In memory are the words of the
/// set, n-grams while they are few, and a few thousand sentences at a time.
package struct SentenceCorpus: Sendable {
  private let items: Int
  private let itemsPerBlock: Int
  private let spool: Spool
  private let grams: Int
  private let threads: Int
  private let sentences: @Sendable (Int) -> [SentencePair]

  /// About how many sentences are looked at together.
  private static let blockSize = 512

  /// Names a set; nothing is read yet.
  ///
  /// - Parameters:
  ///   - items: How many items (clips) the set has.
  ///   - count: About how many sentences it has.
  ///   - spool: Where numbered sentences lie between the rounds.
  ///   - grams: How many n-grams are counted in memory.
  ///   - threads: On how many threads sentences are scored; their number changes no score.
  ///   - sentences: Gives the sentences of an item; called from several threads.
  package init(
    items: Int, count: Int, spool: Spool = Spool(), grams: Int = 1 << 19,
    threads: Int = ParallelMap.processors, sentences: @escaping @Sendable (Int) -> [SentencePair]
  ) {
    self.items = items
    itemsPerBlock = max(1, Self.blockSize * items / max(1, count))
    self.spool = spool
    self.grams = grams
    self.threads = threads
    self.sentences = sentences
  }

  /// Scores all sentences.
  ///
  /// - Parameters:
  ///   - meteor: What METEOR works with.
  ///   - progress: Called with the part of the work that is done, 0…1.
  ///   - each: Makes of an item's sentences what is wanted; called from several threads.
  ///   - take: Gets what `each` made of some items, in their order.
  package func score<Result: Sendable>(
    meteor: MeteorResources, progress: (Double) -> Void = { _ in },
    each: @escaping @Sendable (_ item: Int, _ sentences: [SentenceCounts]) -> Result,
    take: ([Result]) -> Void
  ) {
    let round = NumberedCorpus(self, progress: progress)
    var done = 0
    OrderedWork.run(
      blocks, threads: threads, state: MeteorMemory(MeteorLexicon(meteor, round.vocabulary))
    ) { memory, block in
      let scored = spool.withBytes(round.places[block]) { SentenceBlock(bytes: $0) }
        .scored(round.count, &memory) { round.frequencies(of: $0, inBlock: block) }
      return zip(range(of: block), scored.items).map { item, pairs in
        each(item, pairs.map { scored.counts[Int($0)] })
      }
    } take: { results in
      take(results)
      done += 1
      progress(round.share + (1 - round.share) * Double(done) / Double(blocks))
    }
  }

  private var blocks: Int { (items + itemsPerBlock - 1) / itemsPerBlock }

  private func range(of block: Int) -> Range<Int> {
    (block * itemsPerBlock)..<min((block + 1) * itemsPerBlock, items)
  }

  /// What the first round finds.
  private struct NumberedCorpus: Sendable {
    /// The words of the set.
    private(set) var vocabulary = Vocabulary()

    /// In how many sentences' references each n-gram occurs.
    private var frequencies: GramFrequencies

    /// Finds them where they are too many for memory.
    private var lookup: FrequencyLookup?

    /// Where each block lies in the spool.
    private(set) var places: [Range<Int>] = []

    /// How many sentences there are.
    private(set) var count = 0

    /// Which part of the work this was.
    private(set) var share = 0.5

    init(_ corpus: SentenceCorpus, progress: (Double) -> Void) {
      frequencies = GramFrequencies(most: corpus.grams, spool: corpus.spool)
      OrderedWork.run(corpus.blocks, threads: corpus.threads) { block in
        let block = SentenceBlock(corpus.range(of: block).map(corpus.sentences))
        return (block.words, block.count, block.frequencies, block.bytes)
      } take: { words, sentences, grams, bytes in
        let numbers = vocabulary.numbers(of: words)
        for entry in grams { frequencies.add(entry.count, to: entry.gram, words: numbers) }
        var record = ByteRecord()
        record.append(numbers)
        places.append(corpus.spool.append(record.bytes + bytes))
        count += sentences
        progress(Double(places.count) / Double(2 * corpus.blocks))
      }
      frequencies.finish()
      if frequencies.isSpilled { lookUp(corpus, progress) }
    }

    private mutating func lookUp(_ corpus: SentenceCorpus, _ progress: (Double) -> Void) {
      var lookup = FrequencyLookup(blocks: corpus.blocks, spool: corpus.spool)
      var block = 0
      OrderedWork.run(corpus.blocks, threads: corpus.threads) { [places] block in
        var table = GramTable()
        _ = corpus.spool.withBytes(places[block]) { SentenceBlock(bytes: $0).grams(in: &table) }
        return table.grams
      } take: { grams in
        lookup.ask(for: grams, in: block)
        block += 1
        progress(0.5 + 0.1 * Double(block) / Double(corpus.blocks))
      }
      lookup.answer(from: frequencies)
      share = 0.6
      self.lookup = lookup
    }

    /// In how many sentences' references each of a block's n-grams occurs; 0 may stand for 1.
    func frequencies(of grams: [GramWords], inBlock block: Int) -> [Int32] {
      lookup?.frequencies(ofBlock: block, count: grams.count) ?? grams.map { frequencies[$0] }
    }
  }
}

/// What the different pairs of a block add, and for each item its pairs.
private struct ScoredSentences {
  let counts: [SentenceCounts]
  let items: [[Int32]]
}

extension SentenceBlock {
  /// The n-grams of each caption; the table gets those of all captions in an order that is always
  /// the same.
  fileprivate func grams(in table: inout GramTable) -> [SentenceGrams] {
    captions.map { table.grams(of: $0.words) }
  }

  /// What every pair adds.
  fileprivate func scored(
    _ count: Int, _ memory: inout MeteorMemory, _ frequencies: ([GramWords]) -> [Int32]
  ) -> ScoredSentences {
    var table = GramTable()
    let grams = grams(in: &table)
    let cider = CIDEr(frequencies(table.grams), count: count)
    let counts = pairs.map { pair in
      let hypothesis = captions[Int(pair.hypothesis)]
      let references = pair.references.map { captions[Int($0)] }
      let (own, others) = (grams[Int(pair.hypothesis)], pair.references.map { grams[Int($0)] })
      return SentenceCounts(
        bleu: BLEUCounts(own, others),
        rougeL: RougeL.score(
          CaptionPair(hypothesis: hypothesis.tokens, references: references.map(\.tokens))),
        cider: cider.score(own, others),
        meteor: memory.counts(
          of: hypothesis.meteorWords ?? hypothesis.tokens,
          withBestOf: references.map { $0.meteorWords ?? $0.tokens }))
    }
    return ScoredSentences(counts: counts, items: items)
  }
}
