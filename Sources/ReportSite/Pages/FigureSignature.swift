import Media

/// How figures were made: the metrics' version and conventions. Figures with different signatures
/// cannot be compared.
struct FigureSignature: Encodable {
  /// All of it on one line, for tables that are taken along: `empty:… | f-score:…`.
  let text: String

  /// The beginning of its hash, by which pages name it.
  let short: String

  /// The conventions in order of their names.
  let facts: [FactView]

  /// The signature of a report; nil where that has none.
  init?(_ signature: [String: String]?) {
    guard let signature, !signature.isEmpty else { return nil }
    facts = signature.sorted { $0.key < $1.key }.map { FactView(label: $0.key, value: $0.value) }
    text = facts.map { "\($0.label):\($0.value)" }.joined(separator: " | ")
    short = String(ContentHash.sha256(of: Array(text.utf8)).prefix(8))
  }
}
