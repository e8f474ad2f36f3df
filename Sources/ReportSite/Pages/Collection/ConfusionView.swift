/// Which category the model says where people say another, clip by clip; “nothing” stands for no
/// visible source.
struct ConfusionView: Encodable {
  /// The clips of one pair of categories.
  struct Cell: Encodable {
    let count: Int?
    /// Where its clips are listed; nil for an empty cell.
    let address: String?
    /// Classes: how dark it is, and whether it is right.
    let kind: String
    let words: String
  }

  struct Row: Encodable {
    let name: String
    let cells: [Cell]
    let clips: Int
  }

  /// The clips of a cell, for the page that lists them.
  struct Group: Encodable {
    let anchor: String
    let truth: String
    let predicted: String
    let isRight: Bool
    let shown: String
    /// The same clips in the list, where all of them are.
    let list: String
    let clips: [ClipRowView]
  }

  /// How many clips there are of a pair of categories, for the page's twin.
  struct PairCount: Encodable {
    let truth: String
    let predicted: String
    let clips: Int
  }

  static let file = "confusions.html"
  /// Categories of the table; pairs on the page; clips of a pair, and of all pairs.
  private static let most = (names: 24, groups: 120, clips: 6, inAll: 150)

  let columns: [String]
  let rows: [Row]
  let right: String
  /// What was left out; nil when everything is there.
  let rest: String?
  let groups: [Group]
  /// What the page leaves out; nil when every pair is there.
  let left: String?
  /// All pairs, most frequent first.
  let pairs: [PairCount]

  /// The table of a collection; nil when no clip has both a true and a predicted category.
  init?(_ clips: [ClipRow], root: String) {
    let judged = clips.filter { $0.judgement != nil }
    if !judged.contains(where: { $0.facts.predicted != nil }) { return nil }
    let pairs = Dictionary(grouping: judged) { $0.judgement ?? .init(truth: "", said: "") }
    let counts = pairs.reduce(into: [String: Int]()) { counts, group in
      counts[group.key.truth, default: 0] += group.value.count
    }
    let names = Set(pairs.keys.flatMap { [$0.truth, $0.said] }).sorted {
      (counts[$1] ?? 0, $0) < (counts[$0] ?? 0, $1)
    }
    let shown = Array(names.prefix(Self.most.names))
    columns = shown
    groups = Self.groups(pairs, shown, root: root)
    let anchors = Set(groups.map(\.anchor))
    rows = shown.filter { counts[$0] != nil }.map { truth in
      let total = counts[truth] ?? 0
      return Row(
        name: truth,
        cells: shown.map { said in
          let pair = ClipRow.Judgement(truth: truth, said: said)
          return Self.cell(pair, pairs[pair]?.count ?? 0, of: total, shown, anchors)
        }, clips: total)
    }
    let correct = judged.count { $0.judgement?.isRight == true }
    right =
      "\(correct) of \(DisplayText.count(judged.count, "clip")) have the category that people gave."
    rest =
      names.count > Self.most.names
      ? "The \(Self.most.names) largest of \(names.count) categories; confusions.json has them all."
      : nil
    left =
      pairs.count > groups.count
      ? "The \(groups.count) pairs that matter most of \(pairs.count); confusions.json counts all."
      : nil
    self.pairs = pairs.map { PairCount(truth: $0.truth, predicted: $0.said, clips: $1.count) }
      .sorted { ($1.clips, $0.truth, $0.predicted) < ($0.clips, $1.truth, $1.predicted) }
  }

  private static func anchor(_ pair: ClipRow.Judgement, _ names: [String]) -> String {
    "t\(names.firstIndex(of: pair.truth) ?? -1)-p\(names.firstIndex(of: pair.said) ?? -1)"
  }

  /// Where the list shows the clips of a pair.
  private static func list(_ pair: ClipRow.Judgement) -> String {
    "index.html#truth=\(DisplayText.query(pair.truth))&said=\(DisplayText.query(pair.said))"
  }

  private static func cell(
    _ pair: ClipRow.Judgement, _ count: Int, of total: Int, _ names: [String],
    _ anchors: Set<String>
  ) -> Cell {
    guard count > 0 else { return Cell(count: nil, address: nil, kind: "", words: "") }
    let step = min(4, 1 + 4 * count / max(1, total + 1))
    let anchor = anchor(pair, names)
    return Cell(
      count: count, address: anchors.contains(anchor) ? "\(file)#\(anchor)" : list(pair),
      kind: "heat-\(step)" + (pair.isRight ? " right" : ""),
      words: "\(DisplayText.count(count, "clip")) of \(pair.truth), by the model \(pair.said)")
  }

  /// The cells with clips, wrong ones first, larger ones first; clips for as long as the page stays
  /// light.
  private static func groups(
    _ pairs: [ClipRow.Judgement: [ClipRow]], _ names: [String], root: String
  ) -> [Group] {
    let order = pairs.filter { names.contains($0.key.truth) && names.contains($0.key.said) }
      .sorted { left, right in
        let (a, b) = (left.key, right.key)
        if a.isRight != b.isRight { return !a.isRight }
        return (right.value.count, a.truth, a.said) < (left.value.count, b.truth, b.said)
      }
    var room = most.inAll
    return order.prefix(most.groups).map { pair, clips in
      let worst = clips.sorted { ($0.iou ?? 2, $0.id) < ($1.iou ?? 2, $1.id) }
        .prefix(min(room, most.clips))
      room -= worst.count
      let all = DisplayText.count(clips.count, "clip")
      return Group(
        anchor: anchor(pair, names), truth: pair.truth, predicted: pair.said,
        isRight: pair.isRight,
        shown: worst.isEmpty || worst.count == clips.count
          ? all : "\(all), the \(worst.count) with the lowest mIoU here",
        list: list(pair), clips: worst.map { ClipRowView($0, root: root) })
    }
  }
}

/// The page that lists the clips of each cell.
struct ConfusionPage: Encodable {
  let frame: PageFrame
  let name: String
  let confusion: ConfusionView
}
