/// Finds METEOR 1.5's alignment of two sentences: as many matched words in as few chunks as
/// possible, by a beam search from left to right over the reference.
struct MeteorAligner {
  private static let beamWidth = 40
  private let candidates: [[MeteorMatch]]
  private let fixed: [MeteorMatch?]
  private let hypothesisCount: Int

  /// The match that begins at each word of the reference, nil for none.
  static func alignment(
    of hypothesis: [MeteorWord], with reference: [MeteorWord], lexicon: inout MeteorLexicon
  ) -> [MeteorMatch?] {
    let candidates = MeteorCandidates(of: hypothesis, with: reference, lexicon: &lexicon)
    return MeteorAligner(candidates, hypothesisCount: hypothesis.count).search()
  }

  private init(_ candidates: MeteorCandidates, hypothesisCount: Int) {
    self.candidates = candidates.starting
    fixed = candidates.unrivalled
    self.hypothesisCount = hypothesisCount
  }

  /// A partial alignment.
  private struct Path {
    var chosen: [MeteorMatch?]
    var usedHypothesis: [Bool]
    var usedReference: [Bool]

    /// Matched words, as METEOR counts them while it searches.
    var matched = 0
    var chunks = 0
    var distance = 0

    /// The next word of the reference that the path has not passed.
    var place = 0

    /// Where the open chunk goes on in the hypothesis; −1 without one.
    var expected = -1

    mutating func choose(_ match: MeteorMatch) {
      chosen[match.reference.lowerBound] = match
      for word in match.hypothesis { usedHypothesis[word] = true }
      for word in match.reference { usedReference[word] = true }
    }

    mutating func pass(_ match: MeteorMatch) {
      matched +=
        match.module.rank(of: match.hypothesis.count) + match.module.rank(of: match.reference.count)
      if expected != -1 && match.hypothesis.lowerBound != expected { chunks += 1 }
      place = match.reference.upperBound
      expected = match.hypothesis.upperBound
    }

    mutating func closeChunk() {
      if expected != -1 { chunks += 1 }
      expected = -1
    }

    func allows(_ match: MeteorMatch) -> Bool {
      !match.reference.contains { usedReference[$0] }
        && !match.hypothesis.contains { usedHypothesis[$0] }
    }

    static func isBetter(_ first: Path, _ second: Path) -> Bool {
      if first.matched != second.matched { return first.matched > second.matched }
      if first.chunks != second.chunks { return first.chunks < second.chunks }
      return first.distance < second.distance
    }
  }

  private func search() -> [MeteorMatch?] {
    var start = Path(
      chosen: [MeteorMatch?](repeating: nil, count: candidates.count),
      usedHypothesis: [Bool](repeating: false, count: hypothesisCount),
      usedReference: [Bool](repeating: false, count: candidates.count))
    for case let match? in fixed { start.choose(match) }
    var paths = [start]
    for place in candidates.indices {
      paths = Self.best(paths)
      var next: [Path] = []
      for path in paths { advance(path, at: place, into: &next) }
      if !next.isEmpty { paths = next }
    }
    paths = Self.best(paths)
    for index in paths.indices { paths[index].closeChunk() }
    return Self.best(paths).first?.chosen ?? start.chosen
  }

  private func advance(_ path: Path, at place: Int, into next: inout [Path]) {
    guard path.usedReference[place] else { return branch(path, at: place, into: &next) }
    if place < path.place { return next.append(path) }
    guard let match = path.chosen[path.place] else { return }
    var path = path
    path.pass(match)
    path.distance += match.distance
    next.append(path)
  }

  /// Every free match at a place, and none. The distance of a match is added to the path that
  /// goes without it: METEOR does so, and its scores depend on it.
  private func branch(_ path: Path, at place: Int, into next: inout [Path]) {
    var path = path
    for match in candidates[place] where path.allows(match) {
      var longer = path
      longer.choose(match)
      longer.pass(match)
      path.distance += match.distance
      next.append(longer)
    }
    path.closeChunk()
    path.place += 1
    next.append(path)
  }

  /// The best paths, equally good ones in their order.
  private static func best(_ paths: [Path]) -> [Path] {
    if paths.count < 2 { return paths }
    let order = paths.indices.sorted { first, second in
      if Path.isBetter(paths[first], paths[second]) { return true }
      if Path.isBetter(paths[second], paths[first]) { return false }
      return first < second
    }
    return order.prefix(beamWidth).map { paths[$0] }
  }
}
