import Streaming

/// Finds the frequencies of n-grams that are too many for memory: the questions of all blocks of
/// sentences go through a temporary file by n-gram, the answers come back through it by block, so that
/// a small part of each is in memory at a time.
struct FrequencyLookup: Sendable {
  private let blocks: Int
  private var questions: SpooledParts
  private var answers: SpooledParts

  /// Into how many parts answers are divided at most.
  private static let parts = 4096

  /// Begins without questions.
  ///
  /// - Parameters:
  ///   - blocks: How many blocks there are.
  ///   - spool: Where questions and answers go.
  init(blocks: Int, spool: Spool) {
    self.blocks = blocks
    questions = SpooledParts(GramFrequencies.parts, in: spool)
    answers = SpooledParts(min(blocks, Self.parts), in: spool)
  }

  /// Asks for the frequencies of a block's n-grams.
  mutating func ask(for grams: [GramWords], in block: Int) {
    for (number, gram) in grams.enumerated() {
      questions.append(to: GramFrequencies.part(of: gram)) { record in
        record.append(gram)
        record.append(Int32(block))
        record.append(Int32(number))
      }
    }
  }

  /// Answers all questions. N-grams of a single frame get no answer: CIDEr takes them for n-grams of
  /// none.
  mutating func answer(from frequencies: GramFrequencies) {
    questions.flush()
    for part in 0..<questions.count {
      let sums = frequencies.part(part)
      questions.forEachRecord(of: part) { reader in
        let frequency = sums[reader.gram()]
        let (block, number) = (reader.int32(), reader.int32())
        if frequency <= 1 { return }
        answers.append(to: self.part(of: Int(block))) { record in
          record.append(block)
          record.append(number)
          record.append(frequency)
        }
      }
    }
    answers.flush()
  }

  /// The frequencies of as many n-grams as a block has asked for, in their order.
  func frequencies(ofBlock block: Int, count: Int) -> [Int32] {
    var result = [Int32](repeating: 0, count: count)
    answers.forEachRecord(of: part(of: block)) { reader in
      let isOwn = reader.int32() == Int32(block)
      let (number, frequency) = (reader.int32(), reader.int32())
      if isOwn { result[Int(number)] = frequency }
    }
    return result
  }

  private func part(of block: Int) -> Int { block * answers.count / blocks }
}
