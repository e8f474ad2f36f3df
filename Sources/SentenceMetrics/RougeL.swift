/// ROUGE-L with β = 1.2, as `rouge.py` of pycocoevalcap 1.2.
enum RougeL {
  /// The score of one sentence, 0…1.
  ///
  /// The best precision and the best recall may come from different references. A sentence without
  /// words counts as one empty word, so two empty sentences score 1.
  static func score(_ pair: CaptionPair) -> Double {
    let hypothesis = words(pair.hypothesis)
    var precision = 0.0
    var recall = 0.0
    for reference in pair.references.map(words) {
      let common = Double(longestCommonSubsequence(reference, hypothesis))
      precision = max(precision, common / Double(hypothesis.count))
      recall = max(recall, common / Double(reference.count))
    }
    guard precision > 0, recall > 0 else { return 0 }
    let weight = 1.44
    return (1 + weight) * precision * recall / (recall + weight * precision)
  }

  private static func words(_ numbers: [Int32]) -> [Int32] { numbers.isEmpty ? [-1] : numbers }

  private static func longestCommonSubsequence(_ first: [Int32], _ second: [Int32]) -> Int {
    var lengths = [Int](repeating: 0, count: second.count + 1)
    for word in first {
      var diagonal = 0
      for (index, other) in second.enumerated() {
        let above = lengths[index + 1]
        lengths[index + 1] = word == other ? diagonal + 1 : max(above, lengths[index])
        diagonal = above
      }
    }
    return lengths[second.count]
  }
}
