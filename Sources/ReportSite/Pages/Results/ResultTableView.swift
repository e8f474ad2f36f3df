import Experiments

/// A table of results as the page shows it: where each row's figures are from, who is best among
/// those that can be compared, and what must be known.
struct ResultTableView: Encodable {
  struct Cell: Encodable {
    let value: String
    let interval: String?
    /// `best` or `second` among the rows that can be compared, else nil.
    let place: String?
    let note: Int?
  }

  struct Row: Encodable {
    let name: String
    let tier: String
    let tierName: String
    let cells: [Cell]
    let notes: [String]
  }

  /// Where figures are from, and of which rows.
  struct Source: Encodable {
    let tier: String
    let tierName: String
    let source: String
    let address: String?
    let names: String
  }

  struct Column: Encodable {
    let title: String
    let direction: String
  }

  struct Note: Encodable {
    let number: Int
    let text: String
  }

  let anchor: String
  let title: String
  let about: String?
  let columns: [Column]
  let rows: [Row]
  let footnotes: [Note]
  let sources: [Source]
  let notes: [String]
  let chart: String?
  /// The best that publications reported from year to year, and of which figure.
  let trend: RunTrend.Drawing?

  init(_ table: ResultTable) {
    anchor = "table-" + table.id.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    title = table.title
    about = table.description.map(MarkdownText.html)
    let filled = table.filledColumns
    columns = filled.map { column in
      Column(
        title: column.unit.isEmpty ? column.title : "\(column.title) (\(column.unit))",
        direction: column.better == .higher ? "↑" : "↓")
    }
    let rankings = filled.map { table.ranking(by: $0.metric) }
    let texts = rankings.flatMap { $0?.footnotes ?? [] }.reduce(into: [String]()) { list, text in
      if !list.contains(text) { list.append(text) }
    }
    footnotes = texts.enumerated().map { Note(number: $0 + 1, text: $1) }
    rows = table.rows.indices.map { index in
      Self.row(table.rows[index], filled, rankings.map { Self.entry(of: index, in: $0, texts) })
    }
    sources = Self.sources(of: table)
    notes = table.notes.map(MarkdownText.html)
    chart = EfficiencyChart.chart(of: table)
    trend = Self.trend(of: table)
  }

  /// The first figure of published rows in order of year, with the best so far as steps; nil without
  /// two years.
  private static func trend(of table: ResultTable) -> RunTrend.Drawing? {
    guard let column = table.filledColumns.first(where: { $0.better == .higher }) else {
      return nil
    }
    let rows = table.rows.compactMap { row in
      row.provenance.isMeasured
        ? nil
        : row.year.flatMap { year in
          row.values[column.metric].map { (year: year, name: row.name, value: $0.value) }
        }
    }.sorted { ($0.year, $0.value) < ($1.year, $1.value) }
    guard let first = rows.first, let last = rows.last, first.year < last.year,
      let best = rows.max(by: { $0.value < $1.value })
    else { return nil }
    let points = rows.map {
      TrendChart.Point(
        name: "\($0.name), \($0.year)", when: "\($0.year): ", value: $0.value, interval: nil)
    }
    return RunTrend.Drawing(
      name: "\(column.title), paper-reported, by year; dashes: the best so far",
      chart: TrendChart.drawing(
        points,
        label: "\(column.title) of \(rows.count) published methods from \(first.year) to "
          + "\(last.year). Best: \(best.name), \(DisplayText.fixed(best.value, 3)). The table has "
          + "all of them."))
  }

  private static func entry(
    of row: Int, in ranking: Ranking?, _ texts: [String]
  ) -> (place: Int, note: Int?)? {
    guard let ranking, let entry = ranking.entries.first(where: { $0.row == row }) else {
      return nil
    }
    let text = entry.mark.map { ranking.footnotes[$0 - 1] }
    return (entry.place, text.flatMap { texts.firstIndex(of: $0) }.map { $0 + 1 })
  }

  private static func row(
    _ row: ResultRow, _ columns: [ResultColumn], _ entries: [(place: Int, note: Int?)?]
  ) -> Row {
    let cells = zip(columns, entries).map { column, entry -> Cell in
      guard let value = row.values[column.metric] else {
        return Cell(value: "–", interval: nil, place: nil, note: nil)
      }
      let interval = value.ci95.flatMap { bounds in
        bounds.count == 2 ? "\(figure(bounds[0], column)) to \(figure(bounds[1], column))" : nil
      }
      let place = entry.flatMap { $0.place == 1 ? "best" : $0.place == 2 ? "second" : nil }
      return Cell(
        value: figure(value.value, column), interval: interval, place: place, note: entry?.note)
    }
    let isMeasured = row.provenance.isMeasured
    return Row(
      name: row.name, tier: isMeasured ? "measured" : "reported",
      tierName: isMeasured ? "measured here" : "paper-reported", cells: cells, notes: row.notes)
  }

  private static func sources(of table: ResultTable) -> [Source] {
    var order: [Provenance] = []
    for row in table.rows where !order.contains(row.provenance) { order.append(row.provenance) }
    return order.map { provenance in
      let rows = table.rows.filter { $0.provenance == provenance }
      let names = Self.names(of: rows, among: table.rows)
      switch provenance {
      case .paperReported(let paper):
        return Source(
          tier: "reported", tierName: "paper-reported", source: paper.source,
          address: paper.url.flatMap(safe), names: names)
      case .measured(let measurement):
        let parts = [
          measurement.machine, MomentView(measurement.when).text,
          measurement.commit.map { "commit \($0.prefix(12))" },
          measurement.clips.map { DisplayText.count($0, "clip") },
        ]
        return Source(
          tier: "measured", tierName: "measured here",
          source: parts.compactMap(\.self).joined(separator: ", "), address: nil, names: names)
      }
    }
  }

  /// Which rows a source is for: all, or their names; with the data set where there are several.
  private static func names(of rows: [ResultRow], among all: [ResultRow]) -> String {
    let isOne = Set(all.map(\.dataset)).count == 1
    if rows.count == all.count, isOne { return "all rows, on \(all[0].dataset)" }
    return rows.map { isOne ? $0.name : "\($0.name) on \($0.dataset)" }.joined(separator: ", ")
  }

  /// Only addresses of the web become links.
  private static func safe(_ address: String) -> String? {
    address.hasPrefix("https://") || address.hasPrefix("http://") ? address : nil
  }

  /// Shares with four decimals, other figures with three digits that count.
  private static func figure(_ value: Double, _ column: ResultColumn) -> String {
    if column.unit.isEmpty, abs(value) <= 1 { return DisplayText.fixed(value, 4) }
    let size = abs(value)
    return DisplayText.fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
  }
}
