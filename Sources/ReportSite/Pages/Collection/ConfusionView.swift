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
    let clips: [ClipRowView]
  }

  static let file = "confusions.html"
  private static let most = 24
  private static let nothing = "nothing"

  let columns: [String]
  let rows: [Row]
  let right: String
  /// What was left out; nil when everything is there.
  let rest: String?
  let groups: [Group]

  /// The table of a collection; nil when no clip has both a true and a predicted category.
  init?(_ clips: [ClipRow], root: String) {
    let judged = clips.filter { $0.facts.truth != nil && $0.state == "done" && $0.facts.judged > 0 }
    if !judged.contains(where: { $0.facts.predicted != nil }) { return nil }
    let pairs = Dictionary(grouping: judged) { Pair($0.facts) }
    let counts = pairs.reduce(into: [String: Int]()) { counts, group in
      counts[group.key.truth, default: 0] += group.value.count
    }
    let names = Set(pairs.keys.flatMap { [$0.truth, $0.predicted] }).sorted {
      (counts[$1] ?? 0, $0) < (counts[$0] ?? 0, $1)
    }
    let shown = Array(names.prefix(Self.most))
    columns = shown
    rows = shown.filter { counts[$0] != nil }.map { truth in
      let total = counts[truth] ?? 0
      return Row(
        name: truth,
        cells: shown.map { predicted in
          Self.cell(truth, predicted, pairs[Pair(truth, predicted)]?.count ?? 0, of: total, shown)
        }, clips: total)
    }
    let correct = judged.count { Pair($0.facts).isRight }
    right =
      "\(correct) of \(DisplayText.count(judged.count, "clip")) have the category that people gave."
    rest =
      names.count > Self.most
      ? "The \(Self.most) largest of \(names.count) categories; the page as JSON has them all."
      : nil
    groups = Self.groups(pairs, shown, root: root)
  }

  private struct Pair: Hashable {
    let truth: String
    let predicted: String

    init(_ truth: String, _ predicted: String) { (self.truth, self.predicted) = (truth, predicted) }

    /// A clip in which nothing visible sounds has no category to be mistaken, whatever it is filed as.
    init(_ facts: ClipFacts) {
      let isSilent = facts.sounding == 0
      self.init(isSilent ? nothing : facts.truth ?? nothing, facts.predicted ?? nothing)
    }

    var isRight: Bool { truth == predicted }
  }

  private static func anchor(_ truth: String, _ predicted: String, _ names: [String]) -> String {
    "t\(names.firstIndex(of: truth) ?? -1)-p\(names.firstIndex(of: predicted) ?? -1)"
  }

  private static func cell(
    _ truth: String, _ predicted: String, _ count: Int, of total: Int, _ names: [String]
  ) -> Cell {
    guard count > 0 else { return Cell(count: nil, address: nil, kind: "", words: "") }
    let step = min(4, 1 + 4 * count / max(1, total + 1))
    return Cell(
      count: count, address: "\(file)#\(anchor(truth, predicted, names))",
      kind: "heat-\(step)" + (truth == predicted ? " right" : ""),
      words: "\(DisplayText.count(count, "clip")) of \(truth), by the model \(predicted)")
  }

  /// The cells with clips, wrong ones first, larger ones first.
  private static func groups(
    _ pairs: [Pair: [ClipRow]], _ names: [String], root: String
  ) -> [Group] {
    let order = pairs.filter { names.contains($0.key.truth) && names.contains($0.key.predicted) }
      .sorted { left, right in
        let (a, b) = (left.key, right.key)
        let wrong = (!a.isRight, !b.isRight)
        if wrong.0 != wrong.1 { return wrong.0 }
        return (right.value.count, a.truth, a.predicted) < (left.value.count, b.truth, b.predicted)
      }
    return order.map { pair, clips in
      let worst = clips.sorted { ($0.iou ?? 2, $0.id) < ($1.iou ?? 2, $1.id) }
      return Group(
        anchor: anchor(pair.truth, pair.predicted, names), truth: pair.truth,
        predicted: pair.predicted, isRight: pair.isRight,
        shown: clips.count > most
          ? "The \(most) with the lowest mIoU of \(clips.count)."
          : DisplayText.count(clips.count, "clip") + ".",
        clips: worst.prefix(most).map { ClipRowView($0, root: root) })
    }
  }
}

/// The page that lists the clips of each cell.
struct ConfusionPage: Encodable {
  let frame: PageFrame
  let name: String
  let confusion: ConfusionView
}
