public import Foundation

/// Where the figures of a row are from.
///
/// As JSON: `{"kind": "paper-reported", "source", "url"}` or `{"kind": "measured", "machine", "when",
/// "commit", "clips", "signature"}`.
public enum Provenance: Hashable, Sendable {
  /// Somebody has published them; nobody has repeated them here.
  case paperReported(Publication)

  /// avu has measured them.
  case measured(Measurement)

  /// Whether avu has measured the figures itself.
  public var isMeasured: Bool {
    if case .measured = self { true } else { false }
  }
}

/// Where published figures can be read.
public struct Publication: Codable, Hashable, Sendable {
  /// The publication and the table in it.
  public var source: String

  /// Where the table can be seen.
  public var url: String?

  /// Names a publication.
  public init(source: String, url: String? = nil) {
    self.source = source
    self.url = url
  }
}

/// Where, when and how figures were measured.
public struct Measurement: Hashable, Sendable {
  /// The machine: processor and number of cores.
  public var machine: String

  /// When the figures were computed.
  public var when: Date

  /// The version of avu's source; nil where it is not known.
  public var commit: String?

  /// How many clips the figures rest on; nil where clips have no part in them.
  public var clips: Int?

  /// How each figure was computed, by metric: figures with different conventions are not ranked
  /// together.
  public var signature: [String: String]

  /// Notes a measurement.
  public init(
    machine: String, when: Date, commit: String? = nil, clips: Int? = nil,
    signature: [String: String] = [:]
  ) {
    self.machine = machine
    self.when = when
    self.commit = commit
    self.clips = clips
    self.signature = signature
  }
}

extension Provenance: Codable {
  private enum CodingKeys: String, CodingKey { case kind }

  private enum Kind: String, Codable {
    case paperReported = "paper-reported"
    case measured
  }

  /// Reads the kind and what belongs to it.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .paperReported: self = .paperReported(try Publication(from: decoder))
    case .measured: self = .measured(try Measurement(from: decoder))
    }
  }

  /// Writes the kind beside what belongs to it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .paperReported(let publication):
      try container.encode(Kind.paperReported, forKey: .kind)
      try publication.encode(to: encoder)
    case .measured(let measurement):
      try container.encode(Kind.measured, forKey: .kind)
      try measurement.encode(to: encoder)
    }
  }
}

extension Measurement: Codable {
  private enum CodingKeys: String, CodingKey { case machine, when, commit, clips, signature }

  /// Reads a measurement; `when` is written as ISO 8601, whatever the decoder's own strategy.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    machine = try container.decode(String.self, forKey: .machine)
    commit = try container.decodeIfPresent(String.self, forKey: .commit)
    clips = try container.decodeIfPresent(Int.self, forKey: .clips)
    signature = try container.decodeIfPresent([String: String].self, forKey: .signature) ?? [:]
    let text = try container.decode(String.self, forKey: .when)
    guard let date = try? Date(text, strategy: .iso8601) else {
      throw DecodingError.dataCorruptedError(
        forKey: .when, in: container, debugDescription: "“\(text)” is no time as ISO 8601 has it")
    }
    when = date
  }

  /// Writes a measurement; `when` is written as ISO 8601 in UTC, to the second.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(machine, forKey: .machine)
    try container.encode(when.formatted(.iso8601), forKey: .when)
    try container.encodeIfPresent(commit, forKey: .commit)
    try container.encodeIfPresent(clips, forKey: .clips)
    try container.encode(signature, forKey: .signature)
  }
}
