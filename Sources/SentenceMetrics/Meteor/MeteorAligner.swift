/// Which words of a sentence are taken.
protocol WordMask {
  /// No word of so many.
  init(count: Int)

  /// Whether any word of a range is taken.
  func touches(_ words: Range<Int>) -> Bool

  mutating func take(_ words: Range<Int>)
}

/// For sentences of up to 64 words.
extension UInt64: WordMask {
  init(count: Int) { self = 0 }

  private static func bits(_ words: Range<Int>) -> UInt64 {
    (words.count >= 64 ? .max : (1 << UInt64(words.count)) - 1) << UInt64(words.lowerBound)
  }

  func touches(_ words: Range<Int>) -> Bool { self & Self.bits(words) != 0 }

  mutating func take(_ words: Range<Int>) { self |= Self.bits(words) }
}

/// For sentences of any length.
struct LongWordMask: WordMask {
  private var taken: [Bool]

  init(count: Int) { taken = [Bool](repeating: false, count: count) }

  func touches(_ words: Range<Int>) -> Bool { words.contains { taken[$0] } }

  mutating func take(_ words: Range<Int>) { for word in words { taken[word] = true } }
}

/// Finds METEOR 1.5's alignment of two sentences: as many matched words in as few chunks as
/// possible, by a beam search from left to right over the reference.
struct MeteorAligner {
  /// The match that begins at each word of the reference, nil for none.
  static func alignment(
    of hypothesis: [MeteorWord], with reference: [MeteorWord], lexicon: inout MeteorLexicon
  ) -> [MeteorMatch?] {
    let candidates = MeteorCandidates(of: hypothesis, with: reference, lexicon: &lexicon)
    if max(hypothesis.count, reference.count) <= 64 {
      var search = MeteorSearch<UInt64>(candidates, hypothesisCount: hypothesis.count)
      return search.run()
    }
    var search = MeteorSearch<LongWordMask>(candidates, hypothesisCount: hypothesis.count)
    return search.run()
  }
}

/// The search of ``MeteorAligner``.
private struct MeteorSearch<Mask: WordMask> {
  private static var beamWidth: Int { 40 }
  private let candidates: [[MeteorMatch]]
  private let fixed: [MeteorMatch?]
  private let hypothesisCount: Int

  /// Every choice that any path made, each with the path's choice before it.
  private var choices: [(match: MeteorMatch, before: Int)] = []

  init(_ candidates: MeteorCandidates, hypothesisCount: Int) {
    self.candidates = candidates.starting
    fixed = candidates.unrivalled
    self.hypothesisCount = hypothesisCount
  }

  /// A partial alignment.
  private struct Path {
    var usedHypothesis: Mask
    var usedReference: Mask

    /// The last of its choices; −1 for none.
    var choice = -1

    /// Matched words, as METEOR counts them while it searches.
    var matched = 0
    var chunks = 0
    var distance = 0

    /// The next word of the reference that the path has not passed.
    var place = 0

    /// Where the open chunk goes on in the hypothesis; −1 without one.
    var expected = -1

    mutating func take(_ match: MeteorMatch) {
      usedHypothesis.take(match.hypothesis)
      usedReference.take(match.reference)
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
      !usedReference.touches(match.reference) && !usedHypothesis.touches(match.hypothesis)
    }

    func isBetter(than other: Path) -> Bool {
      if matched != other.matched { return matched > other.matched }
      if chunks != other.chunks { return chunks < other.chunks }
      return distance < other.distance
    }
  }

  mutating func run() -> [MeteorMatch?] {
    var start = Path(
      usedHypothesis: Mask(count: hypothesisCount), usedReference: Mask(count: candidates.count))
    for case let match? in fixed { start.take(match) }
    var paths = [start]
    var next: [Path] = []
    for place in candidates.indices {
      Self.keepBest(&paths)
      next.removeAll(keepingCapacity: true)
      for path in paths { advance(path, at: place, into: &next) }
      if !next.isEmpty { swap(&paths, &next) }
    }
    Self.keepBest(&paths)
    for index in paths.indices { paths[index].closeChunk() }
    Self.keepBest(&paths)
    return chosen(by: paths[0])
  }

  private func chosen(by path: Path) -> [MeteorMatch?] {
    var result = fixed
    var choice = path.choice
    while choice >= 0 {
      let (match, before) = choices[choice]
      result[match.reference.lowerBound] = match
      choice = before
    }
    return result
  }

  /// Where a path is at a taken word, that is inside a match or at the beginning of a fixed one.
  private mutating func advance(_ path: Path, at place: Int, into next: inout [Path]) {
    guard path.usedReference.touches(place..<(place + 1)) else {
      return branch(path, at: place, into: &next)
    }
    if place < path.place { return next.append(path) }
    guard let match = fixed[path.place] else { return }
    var path = path
    path.pass(match)
    path.distance += match.distance
    next.append(path)
  }

  /// Every free match at a place, and none. The distance of a match is added to the path that
  /// goes without it: METEOR does so, and its scores depend on it.
  private mutating func branch(_ path: Path, at place: Int, into next: inout [Path]) {
    var path = path
    for match in candidates[place] where path.allows(match) {
      var longer = path
      longer.take(match)
      longer.pass(match)
      choices.append((match, path.choice))
      longer.choice = choices.count - 1
      path.distance += match.distance
      next.append(longer)
    }
    path.closeChunk()
    path.place += 1
    next.append(path)
  }

  /// Keeps the best paths, best first, equally good ones in their order.
  private static func keepBest(_ paths: inout [Path]) {
    var kept = 0
    for index in paths.indices {
      let path = paths[index]
      if kept == beamWidth {
        if !path.isBetter(than: paths[kept - 1]) { continue }
        kept -= 1
      }
      var place = kept
      while place > 0, path.isBetter(than: paths[place - 1]) {
        paths[place] = paths[place - 1]
        place -= 1
      }
      paths[place] = path
      kept += 1
    }
    paths.removeLast(paths.count - kept)
  }
}
