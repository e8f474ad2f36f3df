import Annotations
import Evaluation

/// What other pages and the twin of the results say of a comparison.
struct ComparisonEntry {
  /// The collection and the runs.
  let title: String
  /// The runs alone.
  let runs: String
  /// From the site's folder.
  let address: String
  /// The verdict in a sentence.
  let words: String
  /// `better`, `worse`, `mixed` or `same`.
  let kind: String
  /// Whether it compares the latest run with the one before.
  let isLatest: Bool
}

/// The page on which two runs over the same clips are compared, clip by clip.
struct ComparisonPage: Encodable {
  struct Metric: Encodable {
    let name: String
    let meaning: String?
    let clips: Int
    let first: String
    let second: String
    let difference: String
    let interval: String
    let chart: String
    let p: String
    let verdict: String
    let kind: String
  }

  struct Clip: Encodable {
    let id: String
    let address: String?
    let first: String
    let second: String
    let difference: String
    let picture: String?
  }

  struct Gallery: Encodable {
    let heading: String
    let clips: [Clip]
  }

  /// The runs differ in a clip when its mIoU does by more than this.
  static let notable = 0.01
  private static let shown = 12

  let frame: PageFrame
  let first: String
  let second: String
  let facts: [FactView]
  let verdict: String
  let totals: [TileView]
  let metrics: [Metric]
  let galleries: [Gallery]
  let differences: [String]
  let unpaired: String?
  let signature: FigureSignature?

  /// - Parameters:
  ///   - frame: What is around the page.
  ///   - pair: The two runs, older first, and what comparing them says.
  ///   - rows: The collection's clips by id, for their pages and pictures.
  init(
    frame: PageFrame, pair: RunPairs.Pair, rows: [String: ClipRow]
  ) {
    self.frame = frame
    let (runs, comparison) = ((first: pair.first, second: pair.second), pair.comparison)
    first = pair.names.first
    second = pair.names.second
    facts = Self.facts(runs)
    verdict = Self.verdict(comparison)
    metrics = Self.metrics(comparison)
    let changes = Self.changes(runs)
    totals = Self.totals(changes)
    galleries = Self.galleries(changes, runs, rows, root: frame.root)
    differences = comparison.differences
    unpaired =
      comparison.unpaired.isEmpty
      ? nil : "\(DisplayText.count(comparison.unpaired.count, "clip")) only one of the runs has."
    signature = FigureSignature(comparison.signature)
  }

  /// The verdict in a word: `better`, `worse`, `mixed` or `same`.
  static func kind(_ comparison: MetricComparison) -> String {
    let verdicts = comparison.metrics.map(\.verdict)
    switch (verdicts.contains(.better), verdicts.contains(.worse)) {
    case (true, true): return "mixed"
    case (true, false): return "better"
    case (false, true): return "worse"
    case (false, false): return "same"
    }
  }

  /// What is better, what is worse, in a sentence.
  static func verdict(_ comparison: MetricComparison) -> String {
    let better = comparison.metrics.filter { $0.verdict == .better }.map(\.name)
    let worse = comparison.metrics.filter { $0.verdict == .worse }.map(\.name)
    if better.isEmpty && worse.isEmpty {
      return "No significant change: what differs may be chance."
    }
    let parts = [("Better", better), ("worse", worse)].filter { !$0.1.isEmpty }.map { word, names in
      "\(word) in \(names.joined(separator: ", "))"
    }
    let text = parts.joined(separator: "; ")
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  private static func facts(_ runs: (first: RunSnapshot, second: RunSnapshot)) -> [FactView] {
    [("First run", runs.first), ("Second run", runs.second)].flatMap { label, run in
      [
        FactView(label: label, value: "\(run.model.name) (\(run.model.task))"),
        FactView(label: "its weights", value: run.model.sha256),
        FactView(label: "its clips", value: "\(run.clips)"),
      ]
    }
  }

  private static func metrics(_ comparison: MetricComparison) -> [Metric] {
    // CIDEr runs to 10, so its row has a scale of its own.
    let scale = DifferenceChart(
      comparison.metrics.filter { $0.name != "CIDEr" }.flatMap { ($0.ci95 ?? []) + [$0.difference] }
    )
    return comparison.metrics.map { metric in
      let kind = metric.verdict == .noSignificantChange ? "same" : metric.verdict.rawValue
      let own =
        metric.name == "CIDEr"
        ? DifferenceChart((metric.ci95 ?? []) + [metric.difference]) : scale
      return Metric(
        name: metric.name, meaning: MetricTiles.meaning(of: metric.name), clips: metric.clips,
        first: DisplayText.fixed(metric.first, 3),
        second: DisplayText.fixed(metric.second, 3),
        difference: DisplayText.signed(metric.difference, 3),
        interval: metric.ci95.map { bounds in
          "\(DisplayText.signed(bounds[0], 3)) to \(DisplayText.signed(bounds[1], 3))"
        } ?? "–",
        chart: own.row(metric.difference, interval: metric.ci95, kind: kind),
        p: metric.adjustedP < 0.001 ? "<0.001" : DisplayText.fixed(metric.adjustedP, 3),
        verdict: metric.verdict.rawValue, kind: kind)
    }
  }

  /// The clips of both runs by how much their mIoU changed, most improved first.
  private static func changes(
    _ runs: (first: RunSnapshot, second: RunSnapshot)
  ) -> [(clip: String, difference: Double)] {
    runs.second.report.byClip.compactMap { clip, set in
      guard let new = set.values["mIoU"]?.value,
        let old = runs.first.report.byClip[clip]?.values["mIoU"]?.value
      else { return nil }
      return (clip, new - old)
    }.sorted { ($1.difference, $0.clip) < ($0.difference, $1.clip) }
  }

  private static func totals(_ changes: [(clip: String, difference: Double)]) -> [TileView] {
    let improved = changes.count { $0.difference > notable }
    let regressed = changes.count { $0.difference < -notable }
    return [
      TileView(label: "Improved", value: "\(improved)", detail: "mIoU up by more than 0.01"),
      TileView(label: "Same", value: "\(changes.count - improved - regressed)", detail: nil),
      TileView(label: "Regressed", value: "\(regressed)", detail: "mIoU down by more than 0.01"),
    ]
  }

  private static func galleries(
    _ changes: [(clip: String, difference: Double)],
    _ runs: (first: RunSnapshot, second: RunSnapshot), _ rows: [String: ClipRow], root: String
  ) -> [Gallery] {
    func clip(_ change: (clip: String, difference: Double)) -> Clip {
      let iou = { (run: RunSnapshot) in
        DisplayText.fixed(run.report.byClip[change.clip]?.values["mIoU"]?.value, 3)
      }
      return Clip(
        id: change.clip,
        // The clip's page shows the later run; there it is compared with the earlier.
        address: rows[change.clip].map {
          "\($0.href)#layer=difference&with=\(runs.first.model.sha256.prefix(8))"
        }, first: iou(runs.first),
        second: iou(runs.second), difference: DisplayText.signed(change.difference, 3),
        picture: rows[change.clip]?.thumbnail.map { root + $0 })
    }
    let down = changes.reversed().prefix { $0.difference < -notable }.prefix(shown)
    let up = changes.prefix { $0.difference > notable }.prefix(shown)
    return [("Most regressed", down.map(clip)), ("Most improved", up.map(clip))]
      .filter { !$0.1.isEmpty }.map { Gallery(heading: $0.0, clips: $0.1) }
  }
}
