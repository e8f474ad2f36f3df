import Streaming

/// A pair as places in a list of captions.
struct IndexedPair: Hashable, Sendable {
  var hypothesis: Int32
  var references: [Int32]
}

/// The words of a caption as the metrics want them, as text or as numbers of a ``Vocabulary``.
///
/// A token may hold a space, as in “1 1/2”: the reference's BLEU and CIDEr take it for two words,
/// its ROUGE-L for one.
struct SplitCaption<Word: Sendable>: Sendable {
  let tokens: [Word]

  /// The tokens cut at the spaces in them; nil when there are none.
  let parts: [Word]?

  /// METEOR's words; nil when they are the tokens.
  let meteorWords: [Word]?

  /// The words of BLEU and CIDEr.
  var words: [Word] { parts ?? tokens }
}

extension SplitCaption<String> {
  /// Splits a caption, behind which may stand the lines that its words depend on.
  init(_ caption: String) {
    let lines =
      caption.utf8.contains(0x0A)
      ? caption.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      : [caption]
    tokens = PTBTokenizer.words(inFirstOf: lines)
    parts = tokens.contains(where: PTBTokenizer.hasSpace) ? tokens.flatMap(PTBTokenizer.parts) : nil
    meteorWords = MeteorText.isPlain(tokens) ? nil : MeteorText.words(of: tokens)
  }

  /// The same as numbers.
  func numbered(by vocabulary: inout Vocabulary) -> SplitCaption<Int32> {
    SplitCaption<Int32>(
      tokens: vocabulary.numbers(of: tokens), parts: parts.map { vocabulary.numbers(of: $0) },
      meteorWords: meteorWords.map { vocabulary.numbers(of: $0) })
  }
}

/// Some items of a set with their sentences: equal captions and equal pairs stand here once.
struct SentenceBlock<Word: Sendable>: Sendable {
  var captions: [SplitCaption<Word>]
  var pairs: [IndexedPair] = []

  /// For each item its pairs.
  var items: [[Int32]] = []
}

extension SentenceBlock<String> {
  /// Splits the captions of items.
  init(_ items: [[SentencePair]]) {
    captions = []
    var places: [WordKey: Int32] = [:]
    var numbers: [IndexedPair: Int32] = [:]
    for item in items {
      var own: [Int32] = []
      for sentence in item {
        let pair = IndexedPair(
          hypothesis: place(sentence.hypothesis, &places),
          references: sentence.references.map { place($0, &places) })
        if numbers[pair] == nil {
          numbers[pair] = Int32(pairs.count)
          pairs.append(pair)
        }
        own.append(numbers[pair] ?? 0)
      }
      self.items.append(own)
    }
  }

  private mutating func place(_ caption: String, _ places: inout [WordKey: Int32]) -> Int32 {
    let key = WordKey(caption)
    if let known = places[key] { return known }
    places[key] = Int32(captions.count)
    captions.append(SplitCaption(caption))
    return Int32(captions.count - 1)
  }

  /// The same as numbers.
  func numbered(by vocabulary: inout Vocabulary) -> SentenceBlock<Int32> {
    var block = SentenceBlock<Int32>(captions: [], pairs: pairs, items: items)
    block.captions = captions.map { $0.numbered(by: &vocabulary) }
    return block
  }
}

extension SentenceBlock<Int32> {
  /// The n-grams of the references, each with the number of sentences whose references have it.
  var frequencies: [(gram: GramWords, count: Int32)] {
    var repetitions = [Int32](repeating: 0, count: pairs.count)
    for pair in items.joined() { repetitions[Int(pair)] += 1 }
    var table = GramTable()
    var grams = [SentenceGrams?](repeating: nil, count: captions.count)
    var counts: [Int32] = []
    var seen: [Int] = []
    for (number, pair) in pairs.enumerated() {
      for reference in pair.references.map(Int.init) {
        let own = grams[reference] ?? table.grams(of: captions[reference].words)
        grams[reference] = own
        counts += repeatElement(0, count: table.count - counts.count)
        seen += repeatElement(-1, count: table.count - seen.count)
        for order in own.orders {
          for entry in order where seen[Int(entry.gram)] != number {
            seen[Int(entry.gram)] = number
            counts[Int(entry.gram)] += repetitions[number]
          }
        }
      }
    }
    return Array(zip(table.grams, counts))
  }

  /// The block as bytes.
  var bytes: [UInt8] {
    var record = ByteRecord()
    record.append(Int32(captions.count))
    for caption in captions {
      record.append(caption.tokens)
      record.append(Int32((caption.parts == nil ? 0 : 1) + (caption.meteorWords == nil ? 0 : 2)))
      if let parts = caption.parts { record.append(parts) }
      if let words = caption.meteorWords { record.append(words) }
    }
    record.append(Int32(pairs.count))
    for pair in pairs {
      record.append(pair.hypothesis)
      record.append(pair.references)
    }
    record.append(Int32(items.count))
    for item in items { record.append(item) }
    return record.bytes
  }

  /// Reads ``bytes``.
  init(bytes: UnsafeRawBufferPointer) {
    var reader = ByteReader(bytes)
    captions = (0..<reader.int32()).map { _ in
      let tokens = reader.int32s()
      let kinds = reader.int32()
      return SplitCaption(
        tokens: tokens, parts: kinds & 1 == 0 ? nil : reader.int32s(),
        meteorWords: kinds & 2 == 0 ? nil : reader.int32s())
    }
    pairs = (0..<reader.int32()).map { _ in
      IndexedPair(hypothesis: reader.int32(), references: reader.int32s())
    }
    items = (0..<reader.int32()).map { _ in reader.int32s() }
  }
}
