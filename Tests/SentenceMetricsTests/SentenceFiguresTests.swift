import SentenceMetrics
import Testing

@Suite struct SentenceFiguresTests {
  /// ROUGE-L of pycocoevalcap 1.2.
  @Test(arguments: [
    ("A man is playing a guitar.", "A man plays the guitar on stage.", 0.45522388059701485),
    ("A dog barks in the street.", "A dog barks loudly in the street.", 0.9104477611940297),
    ("A woman plays the violin.", "The violin is played by a woman in black.", 0.2717149220489978),
  ])
  func `A sentence has the figures that it would have in a set of one`(
    sentence: String, reference: String, rougeL: Double
  ) {
    let figures = SentenceFigures.figures(of: sentence, references: [reference])
    #expect(figures.map(\.name) == ["BLEU-4", "ROUGE-L", "METEOR-exact-stem"])
    let corpus = SentenceCorpus(items: 1, count: 1) { _ in
      [SentencePair(hypothesis: sentence, references: [reference])]
    }
    var meteor: [Double] = []
    corpus.score(meteor: .none) { _, sentences in
      sentences.map(\.meteor.score)
    } take: {
      meteor += $0.joined()
    }
    #expect(meteor == [figures[2].value])
    #expect(abs(figures[1].value - rougeL) < 1e-12)
    let same = SentenceFigures.figures(of: reference, references: [sentence, reference])
    #expect(same.allSatisfy { abs($0.value - 1) < 1e-6 })
  }
}
