import Foundation

/// The likeliest sentences about one topic, word by word.
///
/// Sentences are whole: `<eos>` (like `<pad>` and `<bos>`) is possible only after a full stop, so
/// never first. What has ended stays where it is as long as nothing likelier takes its place. In the
/// end the likeliest that has ended is chosen, whatever its length: dividing by it was measured and
/// is worse. A beam of one is greedy: the likeliest word, always.
struct BeamSearch: Sendable {
  /// A beginning, or all, of what may be said.
  private struct Hypothesis {
    /// Words so far, after `<bos>`.
    var words: [Int] = []

    /// ln of its probability.
    var score = 0.0

    var hasEnded = false
  }

  /// What may follow: a word after a hypothesis, or nothing after one that has ended.
  private struct Candidate {
    let hypothesis: Int
    let word: Int?
    let score: Double
  }

  private let settings: DecodingSettings
  private let fullStop: Int

  /// At most as many as the beam is wide; likelier ones come first.
  private var hypotheses = [Hypothesis()]

  init(_ settings: DecodingSettings, fullStop: Int) {
    self.settings = settings
    self.fullStop = fullStop
  }

  /// The last word of each hypothesis that goes on.
  var lastWords: [Int] {
    hypotheses.filter { !$0.hasEnded }.map { $0.words.last ?? Vocabulary.beginning }
  }

  /// The words that are chosen, without `<eos>`.
  var best: [Int] {
    let chosen = hypotheses.first(where: \.hasEnded) ?? hypotheses[0]
    return chosen.words.filter { $0 > Vocabulary.end }
  }

  /// Makes one more word known.
  ///
  /// - Parameter logits: Those of the next word of each hypothesis that goes on.
  /// - Returns: Which of those hypotheses each one that goes on now continues.
  mutating func advance(_ logits: [ArraySlice<Float>]) -> [Int] {
    var candidates: [Candidate] = []
    var rows: [Int] = []
    for (index, hypothesis) in hypotheses.enumerated() {
      guard !hypothesis.hasEnded else {
        rows.append(-1)
        candidates.append(Candidate(hypothesis: index, word: nil, score: hypothesis.score))
        continue
      }
      let row = rows.count { $0 >= 0 }
      rows.append(row)
      candidates += continuations(of: index, Array(logits[row]))
    }
    // The sort must keep the order of equals.
    let kept = candidates.enumerated()
      .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
      .prefix(settings.beam).map(\.element)
    hypotheses = kept.map { candidate in
      var hypothesis = hypotheses[candidate.hypothesis]
      guard let word = candidate.word else { return hypothesis }
      hypothesis.words.append(word)
      hypothesis.score = candidate.score
      hypothesis.hasEnded = word == Vocabulary.end
      return hypothesis
    }
    return zip(kept, hypotheses).filter { !$1.hasEnded }.map { candidate, _ in
      rows[candidate.hypothesis]
    }
  }

  /// The likeliest words after a hypothesis, as many as the beam is wide; the first of equals.
  private func continuations(of index: Int, _ logits: [Float]) -> [Candidate] {
    let hypothesis = hypotheses[index]
    let first = hypothesis.words.last == fullStop ? 0 : Vocabulary.end + 1
    let banned = repetitions(after: hypothesis.words)
    // Alone, a hypothesis is compared with nothing.
    let scale = settings.beam == 1 ? 0 : Self.logOfSum(logits)
    var taken: [Int] = []
    for _ in 0..<settings.beam {
      var top: Int?
      for word in first..<logits.count where !banned.contains(word) && !taken.contains(word) {
        if let known = top, logits[known] >= logits[word] { continue }
        top = word
      }
      guard let top else { break }
      taken.append(top)
    }
    return taken.map {
      Candidate(
        hypothesis: index, word: $0, score: hypothesis.score + Double(logits[$0]) - scale)
    }
  }

  /// Words that would say again what the sentence has said.
  private func repetitions(after words: [Int]) -> Set<Int> {
    let count = settings.noRepeatNGram
    let sentence = words.suffix(from: (words.lastIndex(of: fullStop) ?? -1) + 1)
    guard count > 0, sentence.count >= count else { return [] }
    let last = sentence.suffix(count - 1)
    return Set(
      (sentence.startIndex...sentence.endIndex - count)
        .filter { sentence[$0..<$0 + count - 1].elementsEqual(last) }
        .map { sentence[$0 + count - 1] })
  }

  /// ln Σ e^x.
  private static func logOfSum(_ x: [Float]) -> Double {
    let top = Double(x.max() ?? 0)
    return top + log(x.reduce(0) { $0 + exp(Double($1) - top) })
  }
}
