import Annotations
import Evaluation
import SentenceMetrics

/// The sentences of a clip in order of time, those that stay the same together.
struct ClipTranscript: Encodable {
  /// A piece of a sentence.
  struct Piece: Encodable {
    let text: String
    /// Whether no person wrote these words there.
    let differs: Bool
  }

  /// A sentence and when it holds.
  struct Cue: Encodable {
    let clock: String
    let seconds: String
    let end: String
    let target: String?
    let pieces: [Piece]
    /// What people wrote, when that is something else.
    let references: [String]
    /// How close it is to that, in figures; nil without a sentence or a reference.
    var figures: String?
  }

  let cues: [Cue]
  let hasReferences: Bool
  /// The figures of all sentences together; nil where none was scored.
  let figures: String?

  /// The transcript; nil without any sentence.
  ///
  /// - Parameters:
  ///   - moments: The clip's moments.
  ///   - metrics: The clip's figures. CIDEr among them is weighted by the whole collection.
  ///   - video: The address of its video.
  init?(_ moments: [ClipMoment], _ metrics: MetricSet? = nil, video: String?) {
    var cues: [Cue] = []
    var last: (text: String, references: [String], end: Double)?
    var compared: [[String]: Comparison] = [:]
    for moment in moments {
      let text = moment.prediction?.caption ?? ""
      if text.isEmpty && moment.references.isEmpty {
        last = nil
        continue
      }
      defer { last = (text, moment.references, moment.end) }
      if let last, last.text == text, last.references == moment.references,
        abs(last.end - moment.start) < 0.001
      {
        continue
      }
      let comparison =
        compared[[text] + moment.references] ?? Comparison(of: text, with: moment.references)
      compared[[text] + moment.references] = comparison
      cues.append(Self.cue(moment, comparison, video: video))
    }
    if cues.isEmpty { return nil }
    self.cues = cues
    let names = metrics.map(MetricTiles.names) ?? []
    let shown = names.filter { $0 == "CIDEr" || $0.hasPrefix("METEOR") }.compactMap { name in
      metrics?.values[name].map { "\(name) \(DisplayText.fixed($0.value, 2))" }
    }
    figures = shown.isEmpty ? nil : shown.joined(separator: " · ")
    hasReferences = moments.contains { !$0.references.isEmpty }
  }

  /// A sentence beside what people wrote; many moments have the same two.
  private struct Comparison {
    let pieces: [Piece]
    let references: [String]
    let figures: String?

    init(of text: String, with references: [String]) {
      pieces =
        text.isEmpty
        ? [Piece(text: "(no sentence)", differs: false)]
        : ClipTranscript.pieces(of: text, references)
      self.references = references.contains(text) ? [] : references
      figures =
        text.isEmpty || references.isEmpty
        ? nil
        : SentenceFigures.figures(of: text, references: references)
          .map { "\($0.name) \(DisplayText.fixed($0.value, 2))" }.joined(separator: " · ")
    }
  }

  private static func cue(
    _ moment: ClipMoment, _ comparison: Comparison, video: String?
  ) -> Cue {
    let seconds = DisplayText.fixed(moment.time, 3)
    return Cue(
      clock: DisplayText.clock(moment.time), seconds: seconds,
      end: DisplayText.fixed(moment.end, 3), target: video.map { "\($0)#t=\(seconds)" },
      pieces: comparison.pieces, references: comparison.references, figures: comparison.figures)
  }

  /// A sentence cut where its words are, or are not, part of what the closest person wrote.
  static func pieces(of text: String, _ references: [String]) -> [Piece] {
    let words = text.split(separator: " ").map(String.init)
    let common = references.map { shared(words, $0.split(separator: " ").map(String.init)) }
    guard let best = common.max(by: { $0.count(where: \.self) < $1.count(where: \.self) }) else {
      return [Piece(text: text, differs: false)]
    }
    var pieces: [Piece] = []
    for (word, isShared) in zip(words, best) {
      if let last = pieces.last, last.differs == !isShared {
        pieces[pieces.count - 1] = Piece(text: last.text + " " + word, differs: !isShared)
      } else {
        pieces.append(Piece(text: word, differs: !isShared))
      }
    }
    return pieces
  }

  /// For each word, whether it is in the longest common sequence with another sentence; sentences
  /// longer than 200 words are not compared.
  private static func shared(_ words: [String], _ other: [String]) -> [Bool] {
    guard words.count <= 200, other.count <= 200 else { return words.map { _ in true } }
    let (mine, theirs) = (words.map(plain), other.map(plain))
    var lengths = [[Int]](
      repeating: [Int](repeating: 0, count: theirs.count + 1), count: mine.count + 1)
    for i in mine.indices.reversed() {
      for j in theirs.indices.reversed() {
        lengths[i][j] =
          mine[i] == theirs[j]
          ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
      }
    }
    var result = [Bool](repeating: false, count: mine.count)
    var (i, j) = (0, 0)
    while i < mine.count, j < theirs.count {
      if mine[i] == theirs[j] {
        result[i] = true
        (i, j) = (i + 1, j + 1)
      } else if lengths[i + 1][j] >= lengths[i][j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
    return result
  }

  /// The words of a sentence without what is no letter or number.
  static func words(_ text: String) -> [String] {
    text.split(separator: " ").map { plain(String($0)) }.filter { !$0.isEmpty }
  }

  private static func plain(_ word: String) -> String {
    word.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
