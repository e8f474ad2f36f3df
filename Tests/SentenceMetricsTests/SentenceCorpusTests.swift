import Streaming
import Testing

@testable import SentenceMetrics

/// A set that is too large for memory has the figures of one that is not.
struct SentenceCorpusTests {
  private static let words = (0..<40).map { "word\($0)" } + ["dog's", "1 1/2", "U.S.", "half-way"]

  private func items(_ count: Int) -> [[SentencePair]] {
    (0..<count).map { item in
      (0..<(item % 4)).map { pair in
        let start = item * 7 + pair * 3
        func sentence(_ step: Int) -> String {
          (0..<(4 + start % 6)).map { Self.words[(start + $0 * step) % Self.words.count] }
            .joined(separator: " ")
        }
        return SentencePair(
          hypothesis: sentence(1), references: [sentence(2), sentence(1 + item % 3)])
      }
    }
  }

  /// For each item the numbers of its sentences.
  private func scores(
    _ items: [[SentencePair]], memory: Int = 1 << 30, grams: Int = 1 << 19, threads: Int = 2
  ) -> [[[Double]]] {
    let corpus = SentenceCorpus(
      items: items.count, count: items.reduce(0) { $0 + $1.count }, spool: Spool(limit: memory),
      grams: grams, threads: threads
    ) { items[$0] }
    var result: [[[Double]]] = []
    var progress = 0.0
    corpus.score(meteor: .none) { part in
      #expect(part > progress && part <= 1)
      progress = part
    } each: { _, sentences in
      sentences.map { $0.bleu.scores + [$0.rougeL, $0.cider] + $0.meteor.addend }
    } take: {
      result += $0
    }
    #expect(items.isEmpty || progress == 1)
    return result
  }

  @Test func `sentences that go through files have the scores of those in memory`() {
    let items = items(3000)
    let expected = scores(items)
    #expect(expected.map(\.count) == items.map(\.count))
    #expect(scores(items, memory: 0, grams: 64) == expected)
    #expect(expected.joined().contains { $0[5] > 0 })
  }

  @Test func `any number of threads gives the same scores`() {
    let items = items(3000)
    let expected = scores(items, threads: 1)
    for threads in [2, 3, 8] { #expect(scores(items, threads: threads) == expected) }
  }

  @Test func `no sentence and items without one are as many items`() {
    #expect(scores([]).isEmpty)
    #expect(scores([[], []]) == [[], []])
  }

  @Test func `n-grams are counted the same through the file, those of one sentence as of none`() {
    var (plain, spilling) = (GramFrequencies(), GramFrequencies(most: 16))
    for number in 0..<2000 {
      let gram = GramWords(Int32(number % 30), Int32(number % 7), -1, -1)
      plain.add(1, to: gram)
      spilling.add(1, to: gram)
    }
    let single = GramWords(7, 7, 7, 7)
    spilling.add(1, to: single)
    plain.finish()
    spilling.finish()
    #expect(!plain.isSpilled && spilling.isSpilled)
    let asked: [[GramWords]] = (0..<6).map { (block: Int) in
      var grams = (0..<700).map { (place: Int) in
        GramWords(Int32(place % 31), Int32((place + block) % 7), -1, -1)
      }
      grams.append(single)
      return grams
    }
    var lookup = FrequencyLookup(blocks: asked.count, spool: Spool(limit: 0))
    for (block, grams) in asked.enumerated() { lookup.ask(for: grams, in: block) }
    lookup.answer(from: spilling)
    for (block, grams) in asked.enumerated() {
      let found = lookup.frequencies(ofBlock: block, count: grams.count)
      #expect(found == grams.map { plain[$0] > 1 ? plain[$0] : 0 })
      #expect(found.contains { $0 > 1 } && found.last == 0)
    }
  }
}
