/// What a collection consists of by its ground truth, and what it cost to analyse.
struct CollectionStatistics: Encodable {
  struct Category: Encodable {
    let name: String
    let clips: Int
    let bar: String
    let length: String
    let sounding: String
    let covered: String
  }

  let tiles: [TileView]
  let hasCategories: Bool
  let categories: [Category]
  let shown: String

  private static let most = 60

  /// The statistics; nil for a collection without ground truth and without a prediction.
  init?(_ rows: [ClipRow]) {
    let judged = rows.filter { $0.facts.judged > 0 }
    let timed = rows.compactMap(\.facts.secondsEach).sorted()
    if judged.isEmpty && timed.isEmpty { return nil }
    tiles = Self.truthTiles(judged) + Self.problemTiles(judged) + Self.timeTiles(timed)
    let groups = Dictionary(grouping: judged) { $0.facts.truth ?? "without a category" }
      .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let most = Double(groups.first?.value.count ?? 1)
    categories = groups.prefix(Self.most).map { name, clips in
      let moments = clips.reduce(0) { $0 + $1.facts.judged }
      let sounding = clips.reduce(0) { $0 + $1.facts.sounding }
      let areas = clips.compactMap(\.facts.covered)
      return Category(
        name: name, clips: clips.count,
        bar: Charts.bar(Double(clips.count) / most, interval: nil),
        length: DisplayText.duration(clips.reduce(0) { $0 + ($1.duration ?? 0) }),
        sounding: DisplayText.percent(Double(sounding) / Double(max(1, moments))),
        covered: areas.isEmpty
          ? "–" : DisplayText.percent(areas.reduce(0, +) / Double(areas.count)))
    }
    hasCategories = !categories.isEmpty
    shown =
      groups.count > Self.most
      ? "The \(Self.most) largest of \(groups.count) categories."
      : DisplayText.count(groups.count, "category", plural: "categories") + "."
  }

  private static func truthTiles(_ judged: [ClipRow]) -> [TileView] {
    if judged.isEmpty { return [] }
    let moments = judged.reduce(0) { $0 + $1.facts.judged }
    let sounding = judged.reduce(0) { $0 + $1.facts.sounding }
    return [
      TileView(label: "Clips with truth", value: "\(judged.count)", detail: nil),
      TileView(
        label: "Annotated moments", value: "\(moments)",
        detail:
          "in \(DisplayText.percent(Double(sounding) / Double(max(1, moments)))) something sounds"),
    ]
  }

  private static func problemTiles(_ judged: [ClipRow]) -> [TileView] {
    let problems: [(String, KeyPath<ClipFacts, Int>, String)] = [
      ("Missed", \.missed, "moments in which the model says nothing"),
      ("False alarms", \.falseAlarms, "moments in which nothing visible sounds"),
      ("Low overlap", \.lowOverlap, "moments with an IoU below 0.5"),
    ]
    if judged.isEmpty { return [] }
    return problems.map { label, path, words in
      TileView(
        label: label, value: "\(judged.reduce(0) { $0 + $1.facts[keyPath: path] })", detail: words)
    }
  }

  private static func timeTiles(_ sorted: [Double]) -> [TileView] {
    if sorted.isEmpty { return [] }
    let at = { (share: Double) in sorted[Int(share * Double(sorted.count - 1))] }
    return [
      TileView(
        label: "Time a moment", value: "\(DisplayText.fixed(at(0.5), 2)) s",
        detail: "median of clips; 95 % take at most \(DisplayText.fixed(at(0.95), 2)) s")
    ]
  }
}
