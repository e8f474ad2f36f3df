/// The figures of single sentences that need nothing but the sentence and what people wrote. CIDEr's
/// weights come from a whole set; METEOR is that of exact and stem matches, because its synonyms come
/// from what a machine has.
public enum SentenceFigures {
  /// How close a sentence is to what people wrote.
  ///
  /// - Parameters:
  ///   - sentence: The sentence.
  ///   - references: What people wrote; at least one sentence.
  /// - Returns: BLEU-4, ROUGE-L and METEOR-exact-stem, each with its name.
  public static func figures(
    of sentence: String, references: [String]
  ) -> [(name: String, value: Double)] {
    var vocabulary = Vocabulary()
    let hypothesis = NumberedCaption(sentence, &vocabulary)
    let others = references.map { NumberedCaption($0, &vocabulary) }
    let words = CaptionPair(hypothesis: hypothesis.words, references: others.map(\.words))
    let tokens = CaptionPair(hypothesis: hypothesis.tokens, references: others.map(\.tokens))
    var meteor = MeteorMemory(MeteorLexicon(.none, vocabulary))
    let aligned = meteor.counts(
      of: hypothesis.meteorWords ?? hypothesis.tokens,
      withBestOf: others.map { $0.meteorWords ?? $0.tokens })
    return [
      ("BLEU-4", BLEUCounts(words).scores[3]), ("ROUGE-L", RougeL.score(tokens)),
      (MeteorResources.none.name, aligned.score),
    ]
  }
}
