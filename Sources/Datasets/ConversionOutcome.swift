/// What came of turning a data set into another format.
public struct ConversionOutcome: Codable, Hashable, Sendable {
  /// Clips that were written now.
  public internal(set) var written = 0

  /// Clips that an earlier run had written.
  public internal(set) var present = 0

  /// Clips or entries that were left out, and why.
  public internal(set) var problems: [String] = []

  /// Nothing yet.
  public init() {}
}
