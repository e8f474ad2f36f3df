/// All matches that two sentences allow.
struct MeteorCandidates {
  /// For each word of the reference, the matches that begin there, module by module.
  private(set) var starting: [[MeteorMatch]]

  /// In how many matches each word of the hypothesis, and of the reference, is.
  private(set) var hypothesisCover: [Int]
  private(set) var referenceCover: [Int]

  private let hypothesis: [MeteorWord]
  private let reference: [MeteorWord]

  init(
    of hypothesis: [MeteorWord], with reference: [MeteorWord], lexicon: inout MeteorLexicon
  ) {
    self.hypothesis = hypothesis
    self.reference = reference
    starting = [[MeteorMatch]](repeating: [], count: reference.count)
    hypothesisCover = [Int](repeating: 0, count: hypothesis.count)
    referenceCover = [Int](repeating: 0, count: reference.count)
    addWords(by: .exact) { $0.number == $1.number }
    if hypothesis.elementsEqual(reference, by: { $0.number == $1.number }) { return }
    addWords(by: .stem) { $0.stem == $1.stem && $0.number != $1.number }
    addWords(by: .synonym) {
      $0.synsets != 0 && $1.synsets != 0 && $0.number != $1.number
        && lexicon.shareSynset($0, $1)
    }
    addParaphrases(&lexicon)
  }

  private mutating func add(_ match: MeteorMatch) {
    starting[match.reference.lowerBound].append(match)
    for place in match.hypothesis { hypothesisCover[place] += 1 }
    for place in match.reference { referenceCover[place] += 1 }
  }

  private mutating func addWords(
    by module: MeteorModule, _ matches: (MeteorWord, MeteorWord) -> Bool
  ) {
    for place in reference.indices {
      for index in hypothesis.indices where matches(hypothesis[index], reference[place]) {
        add(
          MeteorMatch(
            module: module, hypothesis: index..<(index + 1), reference: place..<(place + 1)))
      }
    }
  }

  /// Phrases of the reference found in the hypothesis, then the other way round.
  private mutating func addParaphrases(_ lexicon: inout MeteorLexicon) {
    var found: [MeteorMatch] = []
    for start in reference.indices {
      lexicon.forEachParaphrase(of: reference, at: start) { end, paraphrase in
        for place in Self.places(of: paraphrase, in: hypothesis) {
          found.append(
            MeteorMatch(module: .paraphrase, hypothesis: place, reference: start..<end))
        }
      }
    }
    for start in hypothesis.indices {
      lexicon.forEachParaphrase(of: hypothesis, at: start) { end, paraphrase in
        for place in Self.places(of: paraphrase, in: reference) {
          found.append(
            MeteorMatch(module: .paraphrase, hypothesis: start..<end, reference: place))
        }
      }
    }
    for match in found { add(match) }
  }

  private static func places(of phrase: [Int32], in sentence: [MeteorWord]) -> [Range<Int>] {
    if phrase.isEmpty || phrase.count > sentence.count { return [] }
    var result: [Range<Int>] = []
    for start in 0...(sentence.count - phrase.count)
    where phrase.indices.allSatisfy({ sentence[start + $0].number == phrase[$0] }) {
      result.append(start..<(start + phrase.count))
    }
    return result
  }

  /// The matches without any rival, by the first word of the reference that they cover.
  var unrivalled: [MeteorMatch?] {
    starting.map { matches in
      guard matches.count == 1, let match = matches.first,
        match.reference.allSatisfy({ referenceCover[$0] == 1 }),
        match.hypothesis.allSatisfy({ hypothesisCover[$0] == 1 })
      else { return nil }
      return match
    }
  }
}
