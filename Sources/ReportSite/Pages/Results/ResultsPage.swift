import Annotations
import Evaluation
import Experiments

/// The page of results: what this site's runs reached, and the tables of publications beside them.
struct ResultsPage: Encodable {
  /// A run of a model on a collection.
  struct Run: Encodable {
    let collection: String
    let address: String
    let model: String
    let weights: String
    /// When its last prediction was scored, when known.
    let finished: MomentView?
    let clips: Int
    let figures: [Figure]
    let signature: FigureSignature?
  }

  /// A column of figures.
  struct Column: Encodable {
    let name: String
    let meaning: String?
  }

  struct Figure: Encodable {
    let value: String
    let interval: String?
    let isBest: Bool
  }

  /// The runs of one collection against each other.
  struct Comparison: Encodable {
    let address: String
    let label: String
    let words: String
    let kind: String
  }

  let frame: PageFrame
  let columns: [Column]
  let hasRuns: Bool
  let runs: [Run]
  let hasComparisons: Bool
  let comparisons: [Comparison]
  let tables: [ResultTableView]

  init(
    frame: PageFrame, collections: [(snapshot: CollectionSnapshot, address: String)],
    comparisons: [ComparisonEntry], tables: [ResultTable]
  ) {
    self.frame = frame
    let sets = collections.flatMap { $0.snapshot.shownRuns.map(\.report.overall) }
    let present = MetricName.all.filter { name in sets.contains { $0.values[name] != nil } }
    let wanted = ["mIoU", "F-score", "BLEU-4", "ROUGE-L", "CIDEr"]
    let names = present.filter { wanted.contains($0) || $0.hasPrefix("METEOR") }
    columns = names.map { Column(name: $0, meaning: MetricTiles.meaning(of: $0)) }
    runs = collections.flatMap { Self.runs(of: $0.snapshot, at: $0.address, names) }
    hasRuns = !runs.isEmpty
    hasComparisons = !comparisons.isEmpty
    self.comparisons = comparisons.map {
      Comparison(address: $0.address, label: $0.title, words: $0.words, kind: $0.kind)
    }
    self.tables = tables.map(ResultTableView.init)
  }

  private static func runs(
    of collection: CollectionSnapshot, at address: String, _ names: [String]
  ) -> [Run] {
    let runs = collection.shownRuns
    // Figures over different clips cannot be better or worse than each other.
    let areOfSameClips = Set(runs.map(\.report.byClip.keys)).count == 1
    let best = names.map { name in
      runs.count > 1 && areOfSameClips
        ? runs.compactMap { $0.report.overall.values[name]?.value }.max() : nil
    }
    return runs.map { run in
      Run(
        collection: collection.name, address: address, model: run.model.name,
        weights: String(run.model.sha256.prefix(12)),
        finished: run.finishedAt.map(MomentView.init), clips: run.report.overall.counts.clips,
        figures: zip(names, best).map { name, best in
          let value = run.report.overall.values[name]
          return Figure(
            value: DisplayText.fixed(value?.value, 3),
            interval: value.flatMap(MetricTiles.interval),
            isBest: best != nil && value?.value == best)
        }, signature: FigureSignature(run.report.signature))
    }
  }
}

extension CollectionSnapshot {
  /// The runs; without any, the figures that the collection's page shows count as one.
  var shownRuns: [RunSnapshot] {
    if !runs.isEmpty || report == nil { return runs }
    guard let report, report.overall.counts.clips > 0 else { return [] }
    return [
      RunSnapshot(
        model: .init(name: "latest predictions", sha256: "", task: ""),
        clips: report.overall.counts.clips, report: report)
    ]
  }
}
