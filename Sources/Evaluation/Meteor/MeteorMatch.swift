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
  let synsets: [UInt64]
  let isFunction: Bool

  /// Whether a synset has both words.
  func sharesSynset(with other: MeteorWord) -> Bool {
    if synsets.isEmpty || other.synsets.isEmpty { return false }
    var first = 0
    var second = 0
    while first < synsets.count, second < other.synsets.count {
      if synsets[first] == other.synsets[second] { return true }
      if synsets[first] < other.synsets[second] { first += 1 } else { second += 1 }
    }
    return false
  }
}
