/// Which figures of two runs mean the same.
struct SignatureComparison {
  /// What differs, a sentence each.
  let differences: [String]

  private let differing: Set<String>

  /// Aspects that do not change what a clip's own figure is.
  private static let harmless: Set<String> = ["ci95", "wilson95", "median", "version"]

  /// Aspects on which several figures rest.
  private static let sentences: Set<String> = ["sentences", "tokenizer"]
  private static let frames: Set<String> = ["frames", "resize"]

  /// Compares the conventions of two runs.
  ///
  /// - Parameters:
  ///   - first: The first run's signature.
  ///   - second: The second run's signature.
  ///   - isSameSet: Whether both scored the same clips, on which CIDEr's weights depend.
  init(_ first: [String: String], _ second: [String: String], isSameSet: Bool = true) {
    let names = Set(first.keys).union(second.keys).subtracting(Self.harmless).sorted()
    let unequal = Set(names.filter { first[$0] != second[$0] })
    let set =
      isSameSet ? [] : ["CIDEr's document frequencies are those of another set of clips"]
    differing = isSameSet ? unequal : unequal.union(["CIDEr"])
    differences =
      set
      + names.filter { first[$0] != second[$0] }.map { name in
        "\(name) is “\(first[name] ?? "absent")” in the first and “\(second[name] ?? "absent")” in "
          + "the second"
      }
  }

  /// Whether a figure means the same in both runs.
  func allows(_ name: String) -> Bool {
    let isSentence =
      name.hasPrefix("BLEU") || name.hasPrefix("METEOR") || name == "ROUGE-L" || name == "CIDEr"
    let basis = isSentence ? Self.sentences : Self.frames
    let own = name.hasPrefix("BLEU") ? "BLEU" : name
    return differing.isDisjoint(with: basis.union([own])) && differing.isDisjoint(with: Self.frames)
  }
}
