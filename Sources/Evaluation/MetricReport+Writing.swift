public import Foundation

extension MetricReport {
  /// What stands before the first clip and behind the last one.
  static let clipsBegin = "\n  \"by_clip\" : {"
  static let clipsEnd = "\n  }\n}\n"

  /// Writes the metrics JSON piece by piece, so that a report of many clips is never in memory as
  /// text: the figures of the whole first, then a line for each clip by id.
  ///
  /// - Parameter sink: Takes the pieces in order.
  /// - Throws: What `sink` throws.
  public func write(to sink: (Data) throws -> Void) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let document = try encoder.encode(whole)
    // The closing brace comes after the clips.
    try sink(document.dropLast(2) + Data(("," + Self.clipsBegin).utf8))
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var separator = "\n    "
    for (id, figures) in byClip {
      let entry = try encoder.encode([id: figures])
      try sink(Data(separator.utf8) + entry.dropFirst().dropLast())
      separator = ",\n    "
    }
    try sink(Data(Self.clipsEnd.utf8))
  }

  /// The report without its clips.
  private var whole: Whole {
    Whole(
      overall: overall, signature: signature, byCategory: byCategory, byClass: byClass,
      unscored: unscored)
  }
}

/// A report's JSON but for `by_clip`.
private struct Whole: Encodable {
  let overall: MetricSet
  let signature: [String: String]
  let byCategory: [String: MetricSet]
  let byClass: [String: MetricSet]
  let unscored: [UnscoredClip]

  private enum CodingKeys: String, CodingKey {
    case signature, unscored
    case byCategory = "by_category"
    case byClass = "by_class"
  }

  func encode(to encoder: any Encoder) throws {
    try overall.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(signature, forKey: .signature)
    try container.encode(byCategory, forKey: .byCategory)
    if !byClass.isEmpty { try container.encode(byClass, forKey: .byClass) }
    try container.encode(unscored, forKey: .unscored)
  }
}
