/// What came of turning a data set into another format.
public struct ConversionOutcome: Codable, Hashable, Sendable {
  /// Clips that were written now.
  public internal(set) var written = 0

  /// Clips that an earlier run had written.
  public internal(set) var present = 0

  /// Clips or entries that were left out, and why.
  public internal(set) var problems: [String] = []

  /// Clips of which moments were left out, for which the other format has no place.
  public internal(set) var cutClips = 0

  /// How many moments of those clips were left out.
  public internal(set) var droppedMoments = 0

  /// Nothing yet.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case written, present, problems
    case cutClips = "cut_clips"
    case droppedMoments = "dropped_moments"
  }
}
