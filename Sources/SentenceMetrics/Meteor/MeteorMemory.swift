/// METEOR's counts of sentences, with a memory of the last ones: data sets repeat themselves.
struct MeteorMemory: Sendable {
  private var lexicon: MeteorLexicon
  private var known: [[Int32]: MeteorCounts] = [:]

  /// How many sentences are remembered.
  private static let most = 1 << 13

  init(_ lexicon: MeteorLexicon) { self.lexicon = lexicon }

  /// The counts against the reference that gives the best score; words are numbers of the lexicon.
  mutating func counts(of hypothesis: [Int32], withBestOf references: [[Int32]]) -> MeteorCounts {
    let key = references.reduce(into: hypothesis) { key, reference in
      key.append(-1)
      key += reference
    }
    if let counts = known[key] { return counts }
    let counts = MeteorCounts(
      of: lexicon.words(hypothesis), withBestOf: references.map { lexicon.words($0) },
      lexicon: &lexicon)
    lexicon.forgetSome()
    if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
    known[key] = counts
    return counts
  }
}
