/// How two words were found to mean the same.
enum MeteorModule: Int, CaseIterable {
  case exact, stem, synonym

  /// How much a match counts in the score.
  var weight: Double {
    switch self {
    case .exact: 1
    case .stem: 0.6
    case .synonym: 0.8
    }
  }
}

/// A word of the hypothesis that can stand for a word of the reference.
struct MeteorMatch {
  let module: MeteorModule
  let hypothesis: Int
  let reference: Int
}

/// A word with all that decides what it matches.
struct MeteorWord {
  let text: String
  let stem: String
  let synsets: Set<UInt64>
  let isFunction: Bool
}

/// Prepares words, each distinct one once.
struct MeteorLexicon {
  private var known: [String: MeteorWord] = [:]
  private let wordNet: WordNet?
  private let functionWords: Set<String>

  /// - Parameters:
  ///   - wordNet: Where synonyms come from; nil for none.
  ///   - functionWords: Words of less weight.
  init(wordNet: WordNet?, functionWords: Set<String> = FunctionWords.english) {
    self.wordNet = wordNet
    self.functionWords = functionWords
  }

  /// METEOR's words of a tokenized caption.
  mutating func words(of caption: [String]) -> [MeteorWord] {
    MeteorText.words(of: caption).map { text in
      if let word = known[text] { return word }
      let word = MeteorWord(
        text: text, stem: EnglishStemmer.stem(text), synsets: wordNet?.synsets(of: text) ?? [],
        isFunction: functionWords.contains(text))
      known[text] = word
      return word
    }
  }
}
