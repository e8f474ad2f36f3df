import Testing

@testable import SentenceMetrics

struct WordNetTests {
  private static let isInstalled = WordNet.installed != nil

  @Test(.enabled(if: isInstalled, "skipped, needs WordNet (Debian: wordnet-base)"))
  func `synonyms share a synset in any of their forms`() throws {
    let wordNet = try #require(WordNet.installed)
    for (first, second) in [
      ("car", "automobile"), ("cars", "automobile"), ("men", "man"), ("children", "kid"),
      ("begins", "start"),
    ] {
      #expect(!wordNet.synsets(of: first).isDisjoint(with: wordNet.synsets(of: second)), "\(first)")
    }
    #expect(wordNet.synsets(of: "dog").isDisjoint(with: wordNet.synsets(of: "violin")))
  }

  @Test(.enabled(if: isInstalled, "skipped, needs WordNet (Debian: wordnet-base)"))
  func `a word that is in no dictionary has no synset`() throws {
    let wordNet = try #require(WordNet.installed)
    for word in ["", "qqqz", " ", "\n", "語", "1", "zzzzzz", "'s"] {
      _ = wordNet.synsets(of: word)
    }
    #expect(wordNet.synsets(of: "qqqz").isEmpty)
    #expect(wordNet.synsets(of: "").isEmpty)
  }

  @Test func `a folder without the database gives none`() {
    #expect(WordNet(directory: "/nonexistent") == nil)
  }
}
