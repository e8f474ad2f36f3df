import Annotations

/// What sounds in a clip by the prediction, one line for each kind of thing: the legend beside the
/// player.
struct ClipObjects: Encodable {
  /// Colours and patterns of the style sheet and of the player.
  static let inks = 8

  /// One kind of thing.
  struct Kind: Encodable {
    let name: String
    /// Which colour and pattern it has, the same for its name in every clip unless two of one clip
    /// would share it.
    let ink: Int
    let moments: Int
    let span: String
    let covered: String
    let certainty: String
    /// Whether it can be shown alone.
    let isOneOfMany: Bool
  }

  let kinds: [Kind]
  /// Whether the model told several things of one moment apart.
  let areApart: Bool

  /// The legend; nil where nothing sounds.
  init?(_ moments: [ClipMoment]) {
    let parts = moments.flatMap { moment in Self.parts(of: moment).map { (moment, $0) } }
    if parts.isEmpty { return nil }
    areApart = moments.contains { ($0.prediction?.objects.count ?? 0) > 0 }
    let inks = Self.inks(for: Set(parts.map(\.1.name)).sorted())
    let groups = Dictionary(grouping: parts) { $0.1.name }
    kinds = groups.map { name, parts in
      let times = parts.map(\.0)
      let areas = parts.compactMap { $0.1.area }
      let mean = areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
      let certainty = parts.reduce(0) { $0 + $1.1.certainty } / Double(parts.count)
      return Kind(
        name: name, ink: inks[name] ?? 0, moments: parts.count,
        span: "\(DisplayText.clock(times.map(\.start).min() ?? 0)) to "
          + DisplayText.clock(times.map(\.end).max() ?? 0),
        covered: mean.map(DisplayText.percent) ?? "–",
        certainty: DisplayText.fixed(certainty, 2), isOneOfMany: groups.count > 1)
    }.sorted { ($1.moments, $0.name) < ($0.moments, $1.name) }
  }

  /// The ink of each name.
  func ink(of name: String) -> Int { kinds.first { $0.name == name }?.ink ?? 0 }

  /// The things of one moment: those that the model tells apart, or else its one mask.
  static func parts(
    of moment: ClipMoment
  ) -> [(name: String, mask: RunLengthMask, area: Double?, certainty: Double)] {
    guard let frame = moment.prediction, frame.sounding else { return [] }
    if frame.objects.isEmpty {
      return [(frame.category ?? "something", frame.mask, share(frame.mask), frame.score)]
    }
    return frame.objects.map { ($0.category, $0.mask, share($0.mask), $0.score) }
  }

  /// The share of the picture that a mask covers; nil for a mask that cannot be read.
  static func share(_ mask: RunLengthMask) -> Double? {
    guard let area = try? mask.area() else { return nil }
    return Double(area) / Double(max(1, mask.width * mask.height))
  }

  private static func inks(for names: [String]) -> [String: Int] {
    var taken: Set<Int> = []
    var inks: [String: Int] = [:]
    for name in names {
      var ink = Int(name.fnv1a % UInt32(Self.inks))
      for _ in 0..<Self.inks where taken.contains(ink) { ink = (ink + 1) % Self.inks }
      taken.insert(ink)
      inks[name] = ink
    }
    return inks
  }
}
