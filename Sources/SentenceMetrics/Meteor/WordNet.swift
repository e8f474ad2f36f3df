import Foundation

/// Synonyms from an installed WordNet database, found by binary search in its sorted files.
///
/// Debian's package `wordnet-base` installs one. Only what synonym matching needs is read: the
/// synsets of single words of all four parts of speech, and the lists of irregular forms.
public struct WordNet: Sendable {
  /// Where Debian and WordNet's own installer put the database.
  public static let standardDirectories = [
    "/usr/share/wordnet", "/usr/local/WordNet-3.0/dict", "/usr/local/share/wordnet",
  ]

  /// The database of this machine, or nil when none is installed.
  public static var installed: WordNet? {
    standardDirectories.lazy.compactMap { WordNet(directory: $0) }.first
  }

  private static let parts = ["noun", "verb", "adj", "adv"]
  private let indexes: [SortedLines]
  private let irregular: [SortedLines]

  /// Opens a database; gives nil when one of the four index files cannot be read.
  ///
  /// - Parameter directory: The folder with `index.noun`, `noun.exc` and so on.
  public init?(directory: String) {
    let folder = URL(fileURLWithPath: directory, isDirectory: true)
    indexes = Self.parts.compactMap {
      SortedLines(file: folder.appendingPathComponent("index.\($0)"), separator: 0x20)
    }
    irregular = Self.parts.compactMap {
      SortedLines(file: folder.appendingPathComponent("\($0).exc"), separator: 0x20)
    }
    if indexes.count != Self.parts.count { return nil }
  }

  /// The numbers of the synsets that a word can stand for, in any of its forms.
  ///
  /// As METEOR does: the word's own synsets, and those of its irregular base forms or, without
  /// any, of the first form that WordNet's rules of detachment give.
  func synsets(of word: String) -> Set<UInt64> {
    var result = ownSynsets(of: word)
    let bases = irregular.flatMap { $0.fields(of: word).dropFirst() }
    if bases.isEmpty {
      if let base = regularBase(of: word) { result.formUnion(ownSynsets(of: base)) }
    } else {
      for base in bases { result.formUnion(ownSynsets(of: base)) }
    }
    return result
  }

  /// Line format of the index (wndb(5)): lemma, part, synset count, pointer count, pointer
  /// symbols, two counts, then as many synset offsets as the first count says.
  private func ownSynsets(of word: String) -> Set<UInt64> {
    var result: Set<UInt64> = []
    for (part, index) in indexes.enumerated() {
      let fields = index.fields(of: word)
      guard fields.count > 3, let count = Int(fields[2]), count <= fields.count else { continue }
      for offset in fields.suffix(count).compactMap({ UInt64($0) }) {
        result.insert(UInt64(part) << 40 | offset)
      }
    }
    return result
  }

  private func isKnown(_ word: String) -> Bool {
    indexes.contains { !$0.fields(of: word).isEmpty }
  }

  private func regularBase(of word: String) -> String? {
    if word.hasSuffix("ss") || word.count <= 2 { return nil }
    for (suffix, ending) in Self.detachments where word.hasSuffix(suffix) {
      let base = word.dropLast(suffix.count) + ending
      if isKnown(String(base)) { return String(base) }
    }
    return nil
  }

  /// WordNet's rules of detachment (morphy(7)) for nouns, verbs and adjectives; the first that
  /// gives a known word counts.
  static let detachments = [
    ("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"),
    ("men", "man"), ("ies", "y"), ("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"),
    ("ed", ""), ("ing", "e"), ("ing", ""), ("er", ""), ("est", ""), ("er", "e"), ("est", "e"),
  ]
}
