/// How sentences are chosen: the part `decoding` of `config.json`.
public struct DecodingSettings: Hashable, Sendable, Decodable {
  /// Unfinished sentences that are kept at a time; with one, each word is the likeliest.
  public var beam = 1

  /// Words of all sentences about a frame, full stops among them; nil for as many as the model knows
  /// places for.
  public var maxWords: Int?

  /// So many words in a row are not said twice in a sentence; 0 for no such rule.
  public var noRepeatNGram = 0

  /// One likeliest word after the other, as long as the model can.
  public init() {}

  /// Reads what is given; the rest is as in ``init()``.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    beam = try container.decodeIfPresent(Int.self, forKey: .beam) ?? beam
    maxWords = try container.decodeIfPresent(Int.self, forKey: .maxWords)
    noRepeatNGram =
      try container.decodeIfPresent(Int.self, forKey: .noRepeatNgram) ?? noRepeatNGram
  }

  /// As the names of `config.json` come out of the decoder.
  private enum CodingKeys: String, CodingKey { case beam, maxWords, noRepeatNgram }

  /// Wider beams cost more than they could find.
  static let widest = 16

  /// Why sentences cannot be chosen so, if they cannot.
  ///
  /// - Parameter places: The most words that the model can say.
  /// - Returns: The reason, nil when they can.
  func problem(places: Int) -> String? {
    guard (1...Self.widest).contains(beam) else {
      return "the beam is \(beam), and can be 1 to \(Self.widest)"
    }
    if let maxWords, !(1...places).contains(maxWords) {
      return "\(maxWords) words at most are asked for, and it can be 1 to \(places)"
    }
    guard noRepeatNGram == 0 || (2...places).contains(noRepeatNGram) else {
      return "\(noRepeatNGram) words in a row are not to be said twice, and it can be 2 to "
        + "\(places), or 0"
    }
    return nil
  }
}
