import Foundation

/// The words that sentences are made of; a word's number is its line in `vocabulary.txt`.
struct Vocabulary: Sendable {
  /// Fills up short sentences.
  static let padding = 0

  /// Comes before the first word.
  static let beginning = 1

  /// Comes after the last.
  static let end = 2

  /// All words; the three special ones come first.
  let words: [String]

  /// The number of “.”, which ends a sentence.
  let fullStop: Int

  /// Reads the words.
  init(path: String, count: Int) throws(ModelError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unreadable(file: path)
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw .vocabulary(file: path, reason: "it is not UTF-8 text")
    }
    var lines = text.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    guard lines.count == count else {
      throw .vocabulary(
        file: path, reason: "it has \(lines.count) words where config.json says \(count)")
    }
    guard lines.starts(with: ["<pad>", "<bos>", "<eos>"]) else {
      throw .vocabulary(file: path, reason: "it must begin with <pad>, <bos> and <eos>")
    }
    guard let fullStop = lines.firstIndex(of: "."), !lines.contains("") else {
      throw .vocabulary(file: path, reason: "it has no full stop, or an empty line")
    }
    words = lines
    self.fullStop = fullStop
  }

  /// The text of token numbers up to `<eos>`: words joined by spaces, sentences capitalised. What was
  /// said is not said again: two things that do the same differ in their places. A sentence that was cut before its
  /// full stop ends in “…”.
  func text(of tokens: [Int]) -> String {
    let shown = tokens.prefix { $0 != Self.end }.filter { $0 > Self.end }
    var said: Set<ArraySlice<Int>> = []
    let sentences = shown.split(separator: fullStop).filter { said.insert($0).inserted }
    return sentences.map { sentence in
      let text = sentence.map { words[$0] }.joined(separator: " ")
      let end = sentence.endIndex == shown.endIndex ? "…" : "."
      return text.prefix(1).uppercased() + text.dropFirst() + end
    }.joined(separator: " ")
  }
}
