import Foundation

/// METEOR 1.5's own English data: synonyms, function words and the paraphrase table.
///
/// `make meteor-data` takes them from the PyPI package pycocoevalcap (METEOR: LGPL 2.1; synonyms:
/// WordNet's licence) and writes sorted tables; nothing of them is part of avu.
public struct MeteorData: Sendable {
  /// Where `make meteor-data` puts the tables, first choice first: `AVU_METEOR`, `meteor` in
  /// `AVU_HOME`, in the user's data folder, in an installed avu.
  public static var standardDirectories: [String] {
    let environment = ProcessInfo.processInfo.environment
    func folder(_ name: String, _ more: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 + more }
    }
    return [
      folder("AVU_METEOR", ""), folder("AVU_HOME", "/meteor"),
      folder("XDG_DATA_HOME", "/avu/meteor"), folder("HOME", "/.local/share/avu/meteor"),
      folder("AVU_SHARE", "/meteor"), "/usr/local/share/avu/meteor",
    ].compactMap(\.self)
  }

  /// The tables of this machine, or nil when `make meteor-data` was not run.
  public static var installed: MeteorData? {
    standardDirectories.lazy.compactMap { MeteorData(directory: $0) }.first
  }

  /// Words of little weight.
  let functionWords: Set<String>

  /// Phrases and, behind tabs, what else says the same.
  let paraphrases: SortedLines

  private let synonyms: SortedLines
  private let irregular: SortedLines

  /// Opens the tables; gives nil unless all four can be read.
  ///
  /// - Parameter directory: The folder with `function-words.txt`, `synonyms.tsv`, `irregular.tsv`
  ///   and `paraphrases.tsv`.
  public init?(directory: String) {
    let folder = URL(fileURLWithPath: directory, isDirectory: true)
    func table(_ name: String) -> SortedLines? {
      SortedLines(file: folder.appendingPathComponent(name), separator: 0x09)
    }
    guard
      let words = try? String(
        contentsOf: folder.appendingPathComponent("function-words.txt"), encoding: .utf8),
      let synonyms = table("synonyms.tsv"), let irregular = table("irregular.tsv"),
      let paraphrases = table("paraphrases.tsv")
    else { return nil }
    functionWords = Set(words.split(separator: "\n").map(String.init))
    self.synonyms = synonyms
    self.irregular = irregular
    self.paraphrases = paraphrases
  }

  /// The numbers of the synsets of a word in any of its forms, as METEOR finds them.
  func synsets(of word: String) -> Set<UInt64> {
    var result = ownSynsets(of: word)
    let bases = irregular.fields(of: word).dropFirst()
    if bases.isEmpty {
      if let base = regularBase(of: word) { result.formUnion(ownSynsets(of: base)) }
    } else {
      for base in bases { result.formUnion(ownSynsets(of: base)) }
    }
    return result
  }

  private func ownSynsets(of word: String) -> Set<UInt64> {
    Set(synonyms.fields(of: word).dropFirst().compactMap { UInt64($0) })
  }

  private func regularBase(of word: String) -> String? {
    if word.hasSuffix("ss") || word.unicodeScalars.count <= 2 { return nil }
    for (suffix, ending) in WordNet.detachments where word.hasSuffix(suffix) {
      let base = String(word.dropLast(suffix.count) + ending)
      if !synonyms.fields(of: base).isEmpty { return base }
    }
    return nil
  }
}

/// What METEOR's formula has to work with, which decides the name of its figure.
public enum MeteorResources: Sendable {
  /// Exact and stem matches only: `METEOR-exact-stem`.
  case none

  /// Synonyms of an installed WordNet, too: `METEOR-exact-stem-synonym`.
  case wordNet(WordNet)

  /// METEOR's own data: `METEOR`.
  case complete(MeteorData)

  /// The best that this machine has.
  public static var installed: MeteorResources {
    if let data = MeteorData.installed { return .complete(data) }
    return WordNet.installed.map { .wordNet($0) } ?? .none
  }

  /// The name of the figure.
  package var name: String {
    switch self {
    case .none: "METEOR-exact-stem"
    case .wordNet: "METEOR-exact-stem-synonym"
    case .complete: "METEOR"
    }
  }

  /// Words of little weight.
  var functionWords: Set<String> {
    if case .complete(let data) = self { return data.functionWords }
    return FunctionWords.english
  }

  /// The numbers of the synsets of a word; empty without a source.
  func synsets(of word: String) -> Set<UInt64> {
    switch self {
    case .none: []
    case .wordNet(let wordNet): wordNet.synsets(of: word)
    case .complete(let data): data.synsets(of: word)
    }
  }
}
