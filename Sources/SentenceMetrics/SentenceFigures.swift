/// The figures of single sentences that need nothing but the sentence and what people wrote: CIDEr's
/// weights come from a whole set, and METEOR's synonyms from what a machine has.
public enum SentenceFigures {
  /// How close a sentence is to what people wrote.
  ///
  /// - Parameters:
  ///   - sentence: The sentence.
  ///   - references: What people wrote; at least one sentence.
  /// - Returns: BLEU-4 and ROUGE-L, each with its name.
  public static func figures(
    of sentence: String, references: [String]
  ) -> [(name: String, value: Double)] {
    var vocabulary = Vocabulary()
    let hypothesis = NumberedCaption(sentence, &vocabulary)
    let others = references.map { NumberedCaption($0, &vocabulary) }
    let words = CaptionPair(hypothesis: hypothesis.words, references: others.map(\.words))
    let tokens = CaptionPair(hypothesis: hypothesis.tokens, references: others.map(\.tokens))
    return [("BLEU-4", BLEUCounts(words).scores[3]), ("ROUGE-L", RougeL.score(tokens))]
  }
}
