/// How words were found to mean the same.
enum MeteorModule: Int, CaseIterable {
  case exact, stem, synonym, paraphrase

  /// How much a match counts in the score.
  var weight: Double {
    switch self {
    case .exact: 1
    case .synonym: 0.8
    case .stem, .paraphrase: 0.6
    }
  }

  /// What a match of so many words adds when alignments are compared: METEOR cuts the halves off.
  func rank(of count: Int) -> Int { self == .exact ? count : count / 2 }
}

/// Words of the hypothesis that can stand for words of the reference.
struct MeteorMatch {
  let module: MeteorModule
  let hypothesis: Range<Int>
  let reference: Range<Int>

  /// How far the places of the two lie apart.
  var distance: Int { abs(reference.lowerBound - hypothesis.lowerBound) }
}

/// A word with all that decides what it matches; words are told apart by number.
struct MeteorWord: Sendable {
  let number: Int32
  let stem: Int32

  /// Which of the lexicon's lists of synsets is the word's; 0 is the empty one.
  let synsets: Int32
  let isFunction: Bool
}
