import Evaluation

/// The view of a collection's page.
struct CollectionPage: Encodable {
  /// Rows of the plain table on the first page and on each further list page.
  static let rowsOnAPage = 100
  /// Rows of the table of failed clips; the list of clips has them all.
  static let failuresShown = 200
  struct Category: Encodable {
    let name: String
    /// The name within an address.
    let query: String
    let clips: Int
    let bar: String
    let value: String
    let spread: String
    let fScore: String
    let sentences: String
    /// The clip with the lowest mIoU; nil where none has one.
    let worst: ClipRowView?
  }

  struct Bin: Encodable {
    let range: String
    let frames: Int
    let below: String
  }

  struct Distribution: Encodable {
    let chart: String
    let summary: String
    let bins: [Bin]
  }

  let frame: PageFrame
  let name: String
  let about: String?
  let totals: [TileView]
  let hasFigures: Bool
  let figures: [TileView]
  /// The same figures and all others.
  let allFigures: [TileView]
  let hasUnscored: Bool
  let unscored: [UnscoredView]
  let basis: String
  let hasCategories: Bool
  let categories: [Category]
  /// The figure of sentences that the categories' table shows.
  let sentenceFigure: String
  let distribution: Distribution?
  /// How figures are spread over the clips.
  let hasSpreads: Bool
  let spreads: [FigureDistribution]
  /// How masks and sentences of the same clips go together.
  let pairs: FigurePairs?
  let trend: RunTrend?
  let confusion: ConfusionView?
  let statistics: CollectionStatistics?
  /// The worst and the best clips, then others.
  let galleries: [ClipGallery]
  let moreGalleries: [ClipGallery]
  let hasFailures: Bool
  let failures: [ClipRowView]
  /// How many of the failed clips the table has, and where the others are.
  let failuresInWords: String
  let hasMoreFailures: Bool
  let clips: ClipListView
  /// Comparisons of the collection's runs.
  let hasComparisons: Bool
  let comparisons: [ResultsPage.Comparison]
  /// What the latest run is against the one before it.
  let latest: ResultsPage.Comparison?
  /// The models whose predictions are shown.
  let models: String?
  let queue: QueueView?
  /// Everything of the collection as files, where the site was built with them.
  let hasDownloads: Bool
  let downloads: [DownloadView]
  let signature: FigureSignature?

  init(
    frame: PageFrame, collection: CollectionSnapshot, tally: CollectionTally, list: ClipListView,
    comparisons: [ComparisonEntry], queue: QueueSnapshot?, downloads: [DownloadView] = []
  ) {
    self.frame = frame
    name = collection.name
    about = collection.summary.map(MarkdownText.html)
    totals = Self.totals(tally)
    let report = collection.report
    figures = report.map { MetricTiles.tiles(of: $0.overall) } ?? []
    allFigures = report.map { MetricTiles.all(of: $0.overall) } ?? []
    hasFigures = !figures.isEmpty
    unscored = UnscoredView.list(report?.unscored ?? [])
    hasUnscored = !unscored.isEmpty
    basis = report.map { MetricTiles.basis($0.overall.counts) } ?? ""
    let meteor = report.flatMap { MetricTiles.meteor(in: $0.overall) }
    sentenceFigure = meteor ?? "METEOR"
    categories = Self.categories(
      report, tally.rows, sentenceFigure: sentenceFigure, root: frame.root)
    hasCategories = !categories.isEmpty
    distribution = Self.distribution(tally)
    spreads = report.map(FigureDistribution.all) ?? []
    hasSpreads = !spreads.isEmpty
    trend = RunTrend(collection.runs)
    confusion = ConfusionView(tally.rows, root: frame.root)
    statistics = CollectionStatistics(tally.rows)
    let lists = ClipGallery.all(tally, root: frame.root)
    galleries = Array(lists.prefix(2))
    moreGalleries = Array(lists.dropFirst(2))
    pairs = FigurePairs(tally.rows)
    failures = tally.rows.lazy.filter { $0.state == "failed" }.prefix(Self.failuresShown)
      .map { ClipRowView($0, root: frame.root) }
    hasFailures = !failures.isEmpty
    let failed = tally.clips(in: "failed")
    hasMoreFailures = failed > failures.count
    failuresInWords =
      hasMoreFailures
      ? "Showing \(failures.count) of \(failed) clips whose analysis was given up"
      : "Clips whose analysis was given up"
    clips = list
    hasComparisons = !comparisons.isEmpty
    let shown = comparisons.map { entry in
      ResultsPage.Comparison(
        address: frame.root + entry.address, label: entry.runs, words: entry.words,
        kind: entry.kind)
    }
    self.comparisons = shown
    latest = comparisons.firstIndex(where: \.isLatest).map { shown[$0] }
    models = Self.models(tally.rows)
    self.queue = queue.map(QueueView.init)
    self.downloads = downloads
    hasDownloads = !downloads.isEmpty
    signature = hasFigures ? FigureSignature(report?.signature) : nil
  }

  /// Whose predictions are shown, and of how many clips where there are several; nil without any.
  private static func models(_ rows: [ClipRow]) -> String? {
    let counts = Dictionary(rows.compactMap(\.model).map { ($0, 1) }, uniquingKeysWith: +)
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard counts.count > 1 else { return counts.first?.key }
    return counts.prefix(3).map { "\($0.key) (\(DisplayText.count($0.value, "clip")))" }
      .joined(separator: ", ") + (counts.count > 3 ? ", \(counts.count - 3) more" : "")
  }

  /// Clips by state and their length.
  static func totals(_ tally: CollectionTally) -> [TileView] {
    [
      TileView(label: "Clips", value: "\(tally.rows.count)", detail: nil),
      TileView(label: "Done", value: "\(tally.clips(in: "done"))", detail: nil),
      TileView(label: "Failed", value: "\(tally.clips(in: "failed"))", detail: nil),
      TileView(label: "Waiting", value: "\(tally.clips(in: "waiting"))", detail: nil),
      TileView(label: "Analysed", value: DisplayText.duration(tally.seconds), detail: nil),
    ]
  }

  private static func categories(
    _ report: MetricReport?, _ rows: [ClipRow], sentenceFigure: String, root: String
  ) -> [Category] {
    let scored = Dictionary(grouping: rows.filter { $0.iou != nil }) { $0.category ?? "" }
    let all = (report?.byCategory ?? [:]).sorted { $0.key < $1.key }
    return all.compactMap { name, set in
      guard let overlap = set.values["mIoU"] else { return nil }
      let own = (scored[name] ?? []).sorted { ($0.iou ?? 0, $0.id) < ($1.iou ?? 0, $1.id) }
      return Category(
        name: name, query: DisplayText.query(name), clips: set.counts.clips,
        bar: Charts.bar(
          overlap.value, interval: overlap.ci95,
          quartiles: own.count > 3 ? Quartiles(own.compactMap(\.iou)) : nil),
        value: DisplayText.fixed(overlap.value, 3),
        spread: MetricTiles.interval(overlap) ?? "–",
        fScore: DisplayText.fixed(set.values["F-score"]?.value, 3),
        sentences: DisplayText.fixed(set.values[sentenceFigure]?.value, 3),
        worst: own.first.map { ClipRowView($0, root: root) })
    }
  }

  private static func distribution(_ tally: CollectionTally) -> Distribution? {
    let total = tally.scoredFrames
    guard total > 0 else { return nil }
    let half = tally.overlap.suffix(CollectionTally.bins / 2).reduce(0, +)
    let summary =
      "\(DisplayText.count(total, "sounding frame")) with a true mask; "
      + "\(DisplayText.percent(Double(half) / Double(total))) overlap by half or more."
    let bins = tally.overlap.enumerated().map { index, count in
      let low = Double(index) / Double(CollectionTally.bins)
      let below = tally.overlap.prefix(index + 1).reduce(0, +)
      return Bin(
        range: "\(DisplayText.fixed(low, 1))–\(DisplayText.fixed(low + 0.1, 1))", frames: count,
        below: DisplayText.percent(Double(below) / Double(total)))
    }
    return Distribution(
      chart: Charts.histogram(tally.overlap, label: "Distribution of the overlap. " + summary),
      summary: summary, bins: bins)
  }
}
