/// The rows of a table in order of one figure.
///
/// A published figure and a measured one, or two figures of different data sets or conventions,
/// cannot be said to be better or worse than each other. So places are given within groups that can
/// be compared, and a row outside of the main group carries a mark that ``footnotes`` explains.
public struct Ranking: Hashable, Sendable {
  /// One row's place.
  public struct Entry: Hashable, Sendable {
    /// The row's position in the table, from 0.
    public let row: Int

    /// The figure.
    public let value: Double

    /// The place among the rows that can be compared with it, from 1; equal figures share a place.
    public let place: Int

    /// Which footnote says why the row stands apart, from 1; nil in the ranking's main group.
    public let mark: Int?
  }

  /// The figure.
  public let metric: String

  /// The rows that have the figure, the best value first.
  public let entries: [Entry]

  /// What the marks mean, by mark from 1: one sentence each.
  public let footnotes: [String]

  /// The rows that are first in their group.
  public var leaders: [Entry] { entries.filter { $0.place == 1 } }
}

extension ResultTable {
  /// Ranks the rows by one figure.
  ///
  /// - Parameter metric: The column; rows without the figure have no place.
  /// - Returns: The ranking; nil when the table has no such column.
  public func ranking(by metric: String) -> Ranking? {
    guard let column = columns.first(where: { $0.metric == metric }) else { return nil }
    let ranked = rows.indices.compactMap { row in
      rows[row].values[metric].map { (row: row, value: $0.value) }
    }
    let groups = Dictionary(grouping: ranked) { Comparability(of: rows[$0.row], metric: metric) }
    // The main group is measured where anything is, and the largest of several.
    let order = groups.sorted { left, right in
      let (first, second) = (left.key.isMeasured, right.key.isMeasured)
      if first != second { return first }
      return (right.value.count, left.value[0].row) < (left.value.count, right.value[0].row)
    }
    var entries: [Ranking.Entry] = []
    for (mark, group) in order.enumerated() {
      entries += group.value.map { item in
        let better = group.value.count { column.isBetter($0.value, than: item.value) }
        return Ranking.Entry(
          row: item.row, value: item.value, place: better + 1, mark: mark == 0 ? nil : mark)
      }
    }
    return Ranking(
      metric: metric,
      entries: entries.sorted { left, right in
        left.value == right.value
          ? left.row < right.row : column.isBetter(left.value, than: right.value)
      },
      footnotes: order.dropFirst().map { $0.key.footnote(in: order[0].key) })
  }
}

extension ResultColumn {
  /// Whether one value is better than another.
  func isBetter(_ value: Double, than other: Double) -> Bool {
    better == .higher ? value > other : value < other
  }
}

/// What two rows must have in common so that a figure of one can be better than that of the other.
private struct Comparability: Hashable {
  let dataset: String
  let publication: Publication?

  /// How the figure was computed; nil for published figures.
  let convention: String?

  /// On how many clips; nil for published figures and where it is not known.
  let clips: Int?

  var isMeasured: Bool { publication == nil }

  init(of row: ResultRow, metric: String) {
    dataset = row.dataset
    switch row.provenance {
    case .paperReported(let publication):
      self.publication = publication
      (convention, clips) = (nil, nil)
    case .measured(let measurement):
      publication = nil
      convention = measurement.signature[metric] ?? ""
      clips = measurement.clips
    }
  }

  /// Why a row of this group cannot be compared with one of the main group.
  func footnote(in main: Comparability) -> String {
    let origin =
      publication.map { "Paper-reported (\($0.source)), not measured here" } ?? "Measured here"
    if dataset != main.dataset { return origin + ", on \(dataset)." }
    if publication == nil, main.publication == nil {
      if convention == main.convention {
        return origin + ", on another number of clips (\(clips.map(String.init) ?? "unknown"))."
      }
      return origin + ", by other conventions: \(convention ?? "")."
    }
    return origin + "."
  }
}
