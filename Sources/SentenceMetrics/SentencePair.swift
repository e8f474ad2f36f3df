/// A sentence to score, as text, beside the sentences that people wrote.
///
/// A caption is one line. Where its words depend on what follows (``PTBTokenizer/looksAhead(_:)``),
/// the lines that the tokenizer sees from there stand behind it.
package struct SentencePair: Sendable {
  package var hypothesis: String
  package var references: [String]

  package init(hypothesis: String, references: [String]) {
    self.hypothesis = hypothesis
    self.references = references
  }
}

/// What one sentence adds to the sums of its set.
package struct SentenceCounts: Sendable {
  package let bleu: BLEUCounts
  package let rougeL: Double
  package let cider: Double
  package let meteor: MeteorCounts
}
