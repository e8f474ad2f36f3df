/// Finds METEOR 1.5's alignment of two sentences: as many matched words in as few chunks as
/// possible, by a beam search from left to right over the reference.
struct MeteorAligner {
  private static let beamWidth = 40
  private let hypothesis: [MeteorWord]
  private let reference: [MeteorWord]

  /// The possible matches of each word of the reference.
  private var candidates: [[MeteorMatch]] = []

  /// The match that each word of the reference got, nil for none.
  static func alignment(
    of hypothesis: [MeteorWord], with reference: [MeteorWord]
  ) -> [MeteorMatch?] {
    var aligner = MeteorAligner(hypothesis: hypothesis, reference: reference)
    aligner.findCandidates()
    return aligner.search()
  }

  private init(hypothesis: [MeteorWord], reference: [MeteorWord]) {
    self.hypothesis = hypothesis
    self.reference = reference
  }

  private mutating func findCandidates() {
    let isSame = hypothesis.map(\.text) == reference.map(\.text)
    let modules = isSame ? [MeteorModule.exact] : MeteorModule.allCases
    candidates = reference.enumerated().map { place, word in
      modules.flatMap { module in
        hypothesis.indices.compactMap { index in
          Self.matches(hypothesis[index], word, by: module)
            ? MeteorMatch(module: module, hypothesis: index, reference: place) : nil
        }
      }
    }
  }

  private static func matches(
    _ first: MeteorWord, _ second: MeteorWord, by module: MeteorModule
  ) -> Bool {
    switch module {
    case .exact: first.text == second.text
    case .stem: first.stem == second.stem && first.text != second.text
    case .synonym: first.text != second.text && !first.synsets.isDisjoint(with: second.synsets)
    }
  }

  /// A partial alignment.
  private struct Path {
    var chosen: [MeteorMatch?]
    var used: [Bool]
    var exactMatches = 0
    var chunks = 0

    /// Where the open chunk goes on in the hypothesis; −1 without one.
    var expected = -1
    var distance = 0

    /// Counts a match; only exact ones add to the sum, since METEOR truncates the halves that the
    /// others would add.
    mutating func extend(by match: MeteorMatch) {
      if match.module == .exact { exactMatches += 1 }
      if expected != -1 && match.hypothesis != expected { chunks += 1 }
      expected = match.hypothesis + 1
    }

    mutating func closeChunk() {
      if expected != -1 { chunks += 1 }
      expected = -1
    }

    static func isBetter(_ first: Path, _ second: Path) -> Bool {
      (-first.exactMatches, first.chunks, first.distance)
        < (-second.exactMatches, second.chunks, second.distance)
    }
  }

  /// The start: matches without any rival are fixed.
  private func firstPath() -> Path {
    var path = Path(
      chosen: [MeteorMatch?](repeating: nil, count: reference.count),
      used: [Bool](repeating: false, count: hypothesis.count))
    var rivals = [Int](repeating: 0, count: hypothesis.count)
    for match in candidates.joined() { rivals[match.hypothesis] += 1 }
    for (place, matches) in candidates.enumerated() where matches.count == 1 {
      let match = matches[0]
      if rivals[match.hypothesis] == 1 {
        path.chosen[place] = match
        path.used[match.hypothesis] = true
      }
    }
    return path
  }

  private func search() -> [MeteorMatch?] {
    let start = firstPath()
    let fixed = start.chosen
    var paths = [start]
    for place in reference.indices {
      var next: [Path] = []
      for path in Self.best(paths) {
        if let match = fixed[place] {
          next.append(extended(path, byFixed: match))
        } else {
          branch(path, at: place, into: &next)
        }
      }
      paths = next
    }
    paths = Self.best(paths).map { path in
      var path = path
      path.closeChunk()
      return path
    }
    return Self.best(paths).first?.chosen ?? start.chosen
  }

  private func extended(_ path: Path, byFixed match: MeteorMatch) -> Path {
    var path = path
    path.extend(by: match)
    path.distance += abs(match.reference - match.hypothesis)
    return path
  }

  /// Every free match at a place, and none. The distance of a match is added to the path that
  /// goes without it: METEOR does so, and its scores depend on it.
  private func branch(_ path: Path, at place: Int, into next: inout [Path]) {
    var path = path
    for match in candidates[place] where !path.used[match.hypothesis] {
      var longer = path
      longer.used[match.hypothesis] = true
      longer.chosen[place] = match
      longer.extend(by: match)
      path.distance += abs(match.reference - match.hypothesis)
      next.append(longer)
    }
    path.closeChunk()
    next.append(path)
  }

  /// The best paths, equally good ones in their order.
  private static func best(_ paths: [Path]) -> [Path] {
    let sorted = paths.enumerated().sorted { first, second in
      if Path.isBetter(first.element, second.element) { return true }
      if Path.isBetter(second.element, first.element) { return false }
      return first.offset < second.offset
    }
    return sorted.prefix(beamWidth).map(\.element)
  }
}
