import Streaming

/// Scores the sentences of one set in two rounds, since how much an n-gram weighs in CIDEr depends
/// on the whole set: first all sentences are read and their n-grams counted, then they are scored.
///
/// Between the rounds sentences lie in a temporary file as numbers. In memory are the words of the
/// set, the n-grams of more than one sentence, and a few thousand sentences at a time.
package struct SentenceCorpus: Sendable {
  private var vocabulary = Vocabulary()
  private var frequencies: GramFrequencies
  private let spool: Spool
  private var blocks: [Range<Int>] = []
  private var waiting: [[[SentencePair]]] = []
  private var block: [[SentencePair]] = []
  private var blockCount = 0
  private var count = 0

  /// Sentences that are looked at together.
  private static let blockSize = 512

  /// Blocks that are worked on at a time.
  private static let round = 16

  /// Begins a set.
  ///
  /// - Parameters:
  ///   - memory: How many bytes of numbered sentences stay in memory.
  ///   - grams: How many n-grams are counted in memory.
  package init(memory: Int = Spool.usualLimit, grams: Int = 1 << 19) {
    spool = Spool(limit: memory)
    frequencies = GramFrequencies(most: grams)
  }

  /// Takes the sentences of the next item.
  package mutating func add(_ item: [SentencePair]) {
    block.append(item)
    blockCount += item.count
    count += item.count
    if blockCount >= Self.blockSize { closeBlock() }
  }

  private mutating func closeBlock() {
    if block.isEmpty { return }
    waiting.append(block)
    block = []
    blockCount = 0
    if waiting.count == Self.round { number() }
  }

  /// Splits the captions of the blocks that wait, and counts their n-grams.
  private mutating func number() {
    let split = ParallelMap.map(waiting.count) { [waiting] in SentenceBlock(waiting[$0]) }
    waiting = []
    var numbered: [SentenceBlock<Int32>] = []
    for block in split { numbered.append(block.numbered(by: &vocabulary)) }
    let results = ParallelMap.map(numbered.count) { [numbered] in
      (numbered[$0].frequencies, numbered[$0].bytes)
    }
    for (grams, bytes) in results {
      for entry in grams { frequencies.add(entry.count, to: entry.gram) }
      blocks.append(spool.append(bytes))
    }
  }

  /// Scores all sentences.
  ///
  /// - Parameters:
  ///   - meteor: What METEOR works with.
  ///   - body: Gets the items in the order in which they came, some at a time.
  package consuming func score(
    meteor: MeteorResources, _ body: (ScoredSentences) -> Void
  ) {
    closeBlock()
    number()
    frequencies.finish()
    let (spool, blocks, frequencies, count) = (spool, blocks, frequencies, count)
    let threads = ThreadStates(MeteorMemory(MeteorLexicon(meteor, vocabulary)))
    for start in stride(from: 0, to: blocks.count, by: Self.round) {
      let round = start..<min(start + Self.round, blocks.count)
      let scored = threads.map(round.count) { memory, index in
        let block = spool.withBytes(blocks[start + index]) { SentenceBlock<Int32>(bytes: $0) }
        return block.scored(frequencies, count, &memory)
      }
      for sentences in scored { body(sentences) }
    }
  }
}

extension SentenceBlock<Int32> {
  /// What every pair adds.
  fileprivate func scored(
    _ frequencies: GramFrequencies, _ count: Int, _ memory: inout MeteorMemory
  ) -> ScoredSentences {
    var table = GramTable()
    let grams = captions.map { table.grams(of: $0.words) }
    let cider = CIDEr(table.grams, frequencies, count: count)
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
