/// A few clips of a collection, chosen by a rule.
struct ClipGallery: Encodable {
  /// Clips in each.
  static let length = 4

  let heading: String
  /// By what the clips were chosen.
  let rule: String
  /// What of a clip's figures is shown: its mIoU, or that and what its sentences reach.
  let clips: [Clip]

  struct Clip: Encodable {
    let row: ClipRowView
    let figures: String
  }

  /// The galleries of a collection: by masks the worst, the best, those in the middle and some at
  /// random; by sentences the worst; and where masks and sentences are furthest from each other.
  static func all(_ tally: CollectionTally, root: String) -> [ClipGallery] {
    let ranked = tally.ranked
    guard ranked.count > 1 else { return [] }
    let rule = "by mIoU, of the clips in which something visible sounds"
    let half = ranked.count / 2
    var lists = [
      ("Worst", rule, distinct(ranked.suffix(ranked.count - half).reversed(), most: half)),
      ("Best", rule, distinct(ranked.prefix(half), most: half)),
    ]
    let told = ranked.filter { $0.facts.rougeL != nil }
    if ranked.count >= 3 * length {
      let first = (ranked.count - length) / 2
      lists.append(
        ("In the middle", "around the median mIoU", Array(ranked[first..<first + length])))
      let shuffled = ranked.map { (lot: $0.id.fnv1a, row: $0) }
        .sorted { ($0.lot, $0.row.id) < ($1.lot, $1.row.id) }
      lists.append(("At random", "the same at every build", shuffled.prefix(length).map(\.row)))
      let worst = told.sorted { ($0.facts.rougeL ?? 0, $0.id) < ($1.facts.rougeL ?? 0, $1.id) }
      lists.append(("Worst sentences", "by ROUGE-L", distinct(worst)))
      let apart = told.filter { gap($0) > 0.3 }.sorted { (gap($1), $0.id) < (gap($0), $1.id) }
      lists.append(
        (
          "Mask and sentence disagree", "mIoU and ROUGE-L furthest apart, 0.3 at least",
          distinct(apart)
        ))
    }
    return lists.filter { !$0.2.isEmpty }.map { heading, rule, rows in
      ClipGallery(
        heading: heading, rule: rule,
        clips: rows.map { Clip(row: ClipRowView($0, root: root), figures: figures($0)) })
    }
  }

  private static func gap(_ row: ClipRow) -> Double {
    abs((row.iou ?? 0) - (row.facts.rougeL ?? 0))
  }

  private static func figures(_ row: ClipRow) -> String {
    "mIoU \(DisplayText.fixed(row.iou, 3))"
      + (row.facts.rougeL.map { " · ROUGE-L \(DisplayText.fixed($0, 3))" } ?? "")
  }

  /// The first clips, of those with the same picture one.
  private static func distinct(_ rows: some Sequence<ClipRow>, most: Int = length) -> [ClipRow] {
    var seen: Set<String> = []
    return Array(
      rows.lazy.filter { row in row.thumbnail.map { seen.insert($0).inserted } ?? true }
        .prefix(min(length, most)))
  }
}
