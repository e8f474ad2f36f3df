/// Prepares words, each distinct one once, and knows what phrases say the same.
///
/// All words of a set have to be learned before phrases are looked up: paraphrases with other words
/// could never match and are forgotten.
struct MeteorLexicon: Sendable {
  private let resources: MeteorResources
  private var numbers: [WordKey: Int32] = [:]
  private var texts: [String] = []
  private var prepared: [WordKey: MeteorWord] = [:]
  private let functionWords: Set<String>
  private var synsetLists: [[UInt64]] = [[]]

  /// Phrases that were looked up, as a tree: each goes on from its beginning by one word.
  private var phrases: [Phrase] = [Phrase(text: [], continues: true)]
  private var next: [UInt64: Int] = [:]

  private struct Phrase: Sendable {
    let text: [UInt8]

    /// Whether the table has longer phrases that begin so.
    let continues: Bool

    var paraphrases: [[Int32]] = []
  }

  init(_ resources: MeteorResources) {
    self.resources = resources
    functionWords = resources.functionWords
  }

  /// METEOR's words of a tokenized caption.
  mutating func words(of caption: [String]) -> [MeteorWord] {
    words(MeteorText.words(of: caption))
  }

  /// The words of a caption that ``MeteorText`` has split.
  mutating func words(_ texts: [String]) -> [MeteorWord] { texts.map { word($0) } }

  private mutating func number(of text: String) -> Int32 {
    if let known = numbers[WordKey(text)] { return known }
    let number = Int32(texts.count)
    numbers[WordKey(text)] = number
    texts.append(text)
    return number
  }

  mutating func word(_ text: String) -> MeteorWord {
    if let known = prepared[WordKey(text)] { return known }
    let word = MeteorWord(
      number: number(of: text), stem: number(of: EnglishStemmer.stem(text)),
      synsets: list(resources.synsets(of: text)), isFunction: functionWords.contains(text))
    prepared[WordKey(text)] = word
    return word
  }

  private mutating func list(_ synsets: Set<UInt64>) -> Int32 {
    if synsets.isEmpty { return 0 }
    synsetLists.append(synsets.sorted())
    return Int32(synsetLists.count - 1)
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
    let text = phrases[node].text + (node == 0 ? [] : [0x20]) + Array(texts[Int(word)].utf8)
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
      guard let number = numbers[WordKey(String(decoding: word, as: UTF8.self))] else { return nil }
      result.append(number)
    }
    return result
  }
}
