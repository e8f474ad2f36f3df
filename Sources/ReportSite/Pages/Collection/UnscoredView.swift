import Evaluation

/// A reason for which clips with ground truth have no part in the figures.
struct UnscoredView: Encodable {
  /// How many reasons are shown, and how many clips are named with each: there may be thousands.
  private static let shown = (reasons: 20, clips: 5)

  let reason: String
  let clips: String

  /// The reasons, those of most clips first.
  static func list(_ unscored: [UnscoredClip]) -> [UnscoredView] {
    let groups = Dictionary(grouping: unscored, by: \.reason)
      .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let views = groups.prefix(shown.reasons).map { reason, clips in
      UnscoredView(reason: reason, clips: names(clips))
    }
    let rest = groups.dropFirst(shown.reasons).flatMap(\.value)
    if rest.isEmpty { return views }
    return views + [UnscoredView(reason: "This page as JSON has the reasons.", clips: names(rest))]
  }

  private static func names(_ clips: [UnscoredClip]) -> String {
    let names = clips.prefix(shown.clips).map(\.clip).joined(separator: ", ")
    return clips.count > shown.clips ? "\(names) and \(clips.count - shown.clips) more" : names
  }
}
