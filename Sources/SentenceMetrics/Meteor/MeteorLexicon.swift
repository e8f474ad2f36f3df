import Streaming

/// Knows the words of a set, and what words and phrases say the same.
///
/// All words of a set come first: paraphrases with other words could never match and are forgotten.
struct MeteorLexicon: Sendable {
  private let resources: MeteorResources
  private let vocabulary: Vocabulary
  private let prepared: [MeteorWord]
  private let synsetLists: [[UInt64]]

  /// Phrases that were looked up, as a tree: each goes on from its beginning by one word.
  private var phrases: [Phrase] = [Self.noPhrase]
  private var next: [UInt64: Int] = [:]

  /// How many phrases are remembered.
  private static let mostPhrases = 1 << 16
  private static let noPhrase = Phrase(text: [], continues: true)

  private struct Phrase: Sendable {
    let text: [UInt8]

    /// Whether the table has longer phrases that begin so.
    let continues: Bool

    var paraphrases: [[Int32]] = []
  }

  /// Learns words.
  ///
  /// - Parameters:
  ///   - resources: What METEOR works with.
  ///   - words: All words of the set.
  init(_ resources: MeteorResources, _ words: Vocabulary) {
    self.resources = resources
    let functionWords = resources.functionWords
    let texts = words.texts
    // Threads take longer to begin than a sentence's words to be looked up.
    let threads = texts.count < 500 ? 1 : ParallelMap.processors
    let found = ParallelMap.map(texts.count, threads: threads) { number in
      (EnglishStemmer.stem(texts[number]), resources.synsets(of: texts[number]).sorted())
    }
    var vocabulary = words
    var lists: [[UInt64]] = [[]]
    prepared = found.enumerated().map { number, found in
      let (stem, synsets) = found
      if !synsets.isEmpty { lists.append(synsets) }
      return MeteorWord(
        number: Int32(number), stem: vocabulary.number(of: stem),
        synsets: synsets.isEmpty ? 0 : Int32(lists.count - 1),
        isFunction: functionWords.contains(texts[number]))
    }
    synsetLists = lists
    self.vocabulary = vocabulary
  }

  /// Words by their numbers.
  func words(_ numbers: [Int32]) -> [MeteorWord] { numbers.map { prepared[Int($0)] } }

  /// Forgets what was looked up when it has become much; only between two pairs of sentences.
  mutating func forgetSome() {
    if phrases.count < Self.mostPhrases { return }
    phrases = [Self.noPhrase]
    next = [:]
  }

  /// Whether a synset has both words.
  func shareSynset(_ first: MeteorWord, _ second: MeteorWord) -> Bool {
    if first.synsets == 0 || second.synsets == 0 { return false }
    let (left, right) = (synsetLists[Int(first.synsets)], synsetLists[Int(second.synsets)])
    var one = 0
    var other = 0
    while one < left.count, other < right.count {
      if left[one] == right[other] { return true }
      if left[one] < right[other] { one += 1 } else { other += 1 }
    }
    return false
  }

  /// Calls `body` for every paraphrase of every phrase that begins at a place of a sentence,
  /// shorter phrases first, paraphrases in the table's order.
  mutating func forEachParaphrase(
    of sentence: [MeteorWord], at start: Int, _ body: (_ end: Int, _ paraphrase: [Int32]) -> Void
  ) {
    guard case .complete(let data) = resources else { return }
    var node = 0
    for place in start..<sentence.count where phrases[node].continues {
      node = child(of: node, by: sentence[place].number, in: data.paraphrases)
      for paraphrase in phrases[node].paraphrases { body(place + 1, paraphrase) }
    }
  }

  private mutating func child(of node: Int, by word: Int32, in table: SortedLines) -> Int {
    let key = UInt64(node) << 32 | UInt64(UInt32(bitPattern: word))
    if let known = next[key] { return known }
    let text =
      phrases[node].text + (node == 0 ? [] : [0x20]) + Array(vocabulary.texts[Int(word)].utf8)
    let (line, continues) = table.lookUp(text)
    let fields = line?.split(separator: 0x09).dropFirst() ?? []
    phrases.append(
      Phrase(text: text, continues: continues, paraphrases: fields.compactMap(knownWords)))
    next[key] = phrases.count - 1
    return phrases.count - 1
  }

  /// The numbers of a phrase's words; nil when one of them is in no sentence.
  private func knownWords(_ phrase: ArraySlice<UInt8>) -> [Int32]? {
    var result: [Int32] = []
    for word in phrase.split(separator: 0x20) {
      guard let number = vocabulary.known(String(decoding: word, as: UTF8.self)) else { return nil }
      result.append(number)
    }
    return result
  }
}
