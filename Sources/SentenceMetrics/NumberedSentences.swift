import Streaming

/// A pair as places in a list of captions.
struct IndexedPair: Hashable, Sendable {
  var hypothesis: Int32
  var references: [Int32]
}

/// The words of a caption by number, as the metrics want them.
///
/// A token may hold a space, as in “1 1/2”: the reference's BLEU and CIDEr take it for two words,
/// its ROUGE-L for one.
struct NumberedCaption: Sendable {
  let tokens: [Int32]

  /// The tokens cut at the spaces in them; nil when there are none.
  let parts: [Int32]?

  /// METEOR's words; nil when they are the tokens.
  let meteorWords: [Int32]?

  /// The words of BLEU and CIDEr.
  var words: [Int32] { parts ?? tokens }
}

extension NumberedCaption {
  /// Splits a caption, behind which may stand the lines that its words depend on.
  init(_ caption: String, _ vocabulary: inout Vocabulary) {
    let lines =
      caption.utf8.contains(0x0A)
      ? caption.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      : [caption]
    let words = PTBTokenizer.words(inFirstOf: lines)
    tokens = vocabulary.numbers(of: words)
    parts =
      words.contains(where: PTBTokenizer.hasSpace)
      ? vocabulary.numbers(of: words.flatMap(PTBTokenizer.parts)) : nil
    meteorWords =
      MeteorText.isPlain(words) ? nil : vocabulary.numbers(of: MeteorText.words(of: words))
  }
}

/// Some items of a set with their sentences: equal captions and equal pairs stand here once.
struct SentenceBlock: Sendable {
  /// The block's words, if it was split here; those of one that was read are the set's.
  private(set) var words: [String] = []

  private(set) var captions: [NumberedCaption] = []
  private(set) var pairs: [IndexedPair] = []

  /// For each item its pairs.
  private(set) var items: [[Int32]] = []

  /// How many sentences there are, equal ones too.
  var count: Int { items.reduce(0) { $0 + $1.count } }
}

extension SentenceBlock {
  /// Splits the captions of items; words get numbers of the block.
  init(_ items: [[SentencePair]]) {
    var vocabulary = Vocabulary()
    var places: [WordKey: Int32] = [:]
    var numbers: [IndexedPair: Int32] = [:]
    for item in items {
      var own: [Int32] = []
      for sentence in item {
        let pair = IndexedPair(
          hypothesis: place(sentence.hypothesis, &places, &vocabulary),
          references: sentence.references.map { place($0, &places, &vocabulary) })
        if numbers[pair] == nil {
          numbers[pair] = Int32(pairs.count)
          pairs.append(pair)
        }
        own.append(numbers[pair] ?? 0)
      }
      self.items.append(own)
    }
    words = vocabulary.texts
  }

  private mutating func place(
    _ caption: String, _ places: inout [WordKey: Int32], _ vocabulary: inout Vocabulary
  ) -> Int32 {
    let key = WordKey(caption)
    if let known = places[key] { return known }
    places[key] = Int32(captions.count)
    captions.append(NumberedCaption(caption, &vocabulary))
    return Int32(captions.count - 1)
  }

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

  /// The block as bytes; in front of them goes the list of its words by the set's numbers.
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

  /// Reads ``bytes`` behind the list of the words' numbers, which takes the place of the block's.
  init(bytes: UnsafeRawBufferPointer) {
    var reader = ByteReader(bytes)
    let numbers = reader.int32s()
    func words() -> [Int32] { reader.int32s().map { numbers[Int($0)] } }
    captions = (0..<reader.int32()).map { _ in
      let tokens = words()
      let kinds = reader.int32()
      return NumberedCaption(
        tokens: tokens, parts: kinds & 1 == 0 ? nil : words(),
        meteorWords: kinds & 2 == 0 ? nil : words())
    }
    pairs = (0..<reader.int32()).map { _ in
      IndexedPair(hypothesis: reader.int32(), references: reader.int32s())
    }
    items = (0..<reader.int32()).map { _ in reader.int32s() }
  }
}
