/// The names of a JSON object whose keys are metric names beside fixed ones.
private struct MetricKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }

  init?(intValue: Int) { nil }

  static let signature = MetricKey(stringValue: "signature")
  static let counts = MetricKey(stringValue: "n")
  static let byCategory = MetricKey(stringValue: "by_category")
  static let byClass = MetricKey(stringValue: "by_class")
  static let byClip = MetricKey(stringValue: "by_clip")
  static let unscored = MetricKey(stringValue: "unscored")
  static let fixed = Set(
    [signature, counts, byCategory, byClass, byClip, unscored].map(\.stringValue))
}

extension MetricSet: Codable {
  /// Reads `{"n": {…}, "mIoU": {"value", "ci95"}, …}`; what is not a figure is ignored.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: MetricKey.self)
    counts = try container.decode(MetricCounts.self, forKey: .counts)
    values = [:]
    for key in container.allKeys where !MetricKey.fixed.contains(key.stringValue) {
      values[key.stringValue] = try? container.decode(MetricValue.self, forKey: key)
    }
  }

  /// Writes the counts as `n` and each figure under its own name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: MetricKey.self)
    try container.encode(counts, forKey: .counts)
    for (name, value) in values {
      try container.encode(value, forKey: MetricKey(stringValue: name))
    }
  }
}

extension MetricReport: Codable {
  /// Reads a metrics JSON; unknown keys are ignored.
  public init(from decoder: any Decoder) throws {
    overall = try MetricSet(from: decoder)
    let container = try decoder.container(keyedBy: MetricKey.self)
    signature = try container.decode([String: String].self, forKey: .signature)
    byCategory =
      try container.decodeIfPresent([String: MetricSet].self, forKey: .byCategory) ?? [:]
    byClass = try container.decodeIfPresent([String: MetricSet].self, forKey: .byClass) ?? [:]
    byClip = try container.decodeIfPresent(ClipMetrics.self, forKey: .byClip) ?? [:]
    unscored = try container.decodeIfPresent([UnscoredClip].self, forKey: .unscored) ?? []
  }

  /// Writes the metrics JSON: the figures of the whole at the top level.
  public func encode(to encoder: any Encoder) throws {
    try overall.encode(to: encoder)
    var container = encoder.container(keyedBy: MetricKey.self)
    try container.encode(signature, forKey: .signature)
    try container.encode(byCategory, forKey: .byCategory)
    if !byClass.isEmpty { try container.encode(byClass, forKey: .byClass) }
    try container.encode(byClip, forKey: .byClip)
    try container.encode(unscored, forKey: .unscored)
  }
}
