public import Streaming

/// The figures of many clips: a row of numbers for each, in memory while they are few and else in a
/// temporary file, where a dictionary of ``MetricSet`` would take kilobytes of memory a clip.
public struct ClipMetrics: Sendable {
  /// The clips' ids, ascending by their bytes.
  public private(set) var keys = NameTable()

  /// The column of each metric.
  private var columns: [String: Int] = [:]
  private var nextColumn = ClipMetrics.firstFigure

  /// Masks and sentences of each clip, then its figures.
  private var table: ColumnTiles

  private static let frames = 0
  private static let captions = 1

  /// Which column of ``table`` is the first one with figures.
  static let firstFigure = 2

  /// Has no clip.
  public init() { table = Self.table(0, in: Spool()) }

  /// Puts a table together.
  ///
  /// - Parameters:
  ///   - clips: The clips' ids, ascending by their bytes.
  ///   - metrics: The names of the figures.
  ///   - table: The rows of the clips.
  init(_ clips: NameTable, _ metrics: [String], _ table: ColumnTiles) {
    keys = clips
    self.table = table
    for metric in metrics { addColumn(metric) }
  }

  /// A table for the figures of clips.
  ///
  /// - Parameters:
  ///   - figures: How many figures a clip has at least.
  ///   - spool: Where rows lie that are too many for memory.
  /// - Returns: The table, without a row.
  static func table(_ figures: Int, in spool: Spool) -> ColumnTiles {
    ColumnTiles(width: firstFigure + figures, empty: FigureNames.absent, in: spool)
  }

  /// A row of ``table``.
  static func row(_ counts: MetricCounts, _ figures: [Double]) -> [Double] {
    [Double(counts.frames), Double(counts.captions)] + figures
  }

  /// Takes the figures of clips; intervals and medians, which a clip does not have, are left out.
  ///
  /// - Parameter sets: The figures by clip id.
  public init(_ sets: [String: MetricSet]) {
    self.init()
    let order = sets.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for id in order { if let set = sets[id] { append(id, set) } }
  }

  /// How many clips there are.
  public var count: Int { keys.count }

  /// Whether there is no clip.
  public var isEmpty: Bool { keys.isEmpty }

  /// The figures of a clip; nil when it is not here.
  public subscript(id: String) -> MetricSet? { keys.place(of: id).map { set(of: table[$0]) } }

  /// Adds the next clip.
  ///
  /// - Precondition: The id comes behind all before it.
  mutating func append(_ id: String, _ set: MetricSet) {
    for metric in set.values.keys.sorted() where columns[metric] == nil { addColumn(metric) }
    var figures = [Double](repeating: FigureNames.absent, count: nextColumn - Self.firstFigure)
    for (metric, value) in set.values {
      if let column = columns[metric] { figures[column - Self.firstFigure] = value.value }
    }
    keys.append(id)
    precondition(
      count == 1 || keys.isBelow(count - 2, count - 1), "the clip “\(id)” is not in its order")
    table.append(Self.row(set.counts, figures))
  }

  private mutating func addColumn(_ metric: String) {
    columns[metric] = nextColumn
    nextColumn += 1
  }

  /// Takes a metric away from all clips.
  mutating func remove(_ metric: String) { columns[metric] = nil }

  /// Whether a clip has a metric.
  func has(_ metric: String) -> Bool {
    guard let column = columns[metric], column < table.width else { return false }
    var found = false
    table.forEachValue(ofColumn: column) { found = found || $0 != FigureNames.absent }
    return found
  }

  /// A metric's figure of each clip, ``FigureNames/absent`` where a clip has none.
  func column(of metric: String) -> [Double] {
    guard let column = columns[metric], column < table.width else {
      return [Double](repeating: FigureNames.absent, count: count)
    }
    return table.column(column)
  }

  /// The figures of a metric that clips have, in the order of the clips.
  public func values(of metric: String) -> [Double] {
    column(of: metric).filter { $0 != FigureNames.absent }
  }

  private func set(of row: [Double]) -> MetricSet {
    var values: [String: MetricValue] = [:]
    for (metric, column) in columns where column < row.count && row[column] != FigureNames.absent {
      values[metric] = MetricValue(row[column])
    }
    let counts = MetricCounts(
      clips: 1, frames: Int(row[Self.frames]), captions: Int(row[Self.captions]))
    return MetricSet(counts: counts, values: values)
  }
}

extension ClipMetrics: Sequence {
  /// Goes through the clips by id.
  public func makeIterator() -> AnyIterator<(key: String, value: MetricSet)> {
    var place = 0
    var rows: [[Double]] = []
    return AnyIterator {
      guard place < count else { return nil }
      defer { place += 1 }
      let offset = place % ColumnTiles.tile
      if offset == 0 { rows = table.rows(ofTile: place / ColumnTiles.tile) }
      return (keys[place], set(of: rows[offset]))
    }
  }
}

extension ClipMetrics {
  /// Says of one clip after the other whether its figures are still the same.
  public var fingerprints: Fingerprints { Fingerprints(self) }

  /// Goes along with a reader of the same clips, who most likely reads them by id.
  public struct Fingerprints {
    private let metrics: ClipMetrics
    private let order: [(name: String, column: Int)]
    private let names: String
    private var tile = -1
    private var rows: [[Double]] = []
    private var next = 0

    fileprivate init(_ metrics: ClipMetrics) {
      self.metrics = metrics
      order = metrics.columns.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      names = order.map(\.name).joined(separator: " ")
    }

    /// A text that changes when one of the clip's figures does; empty for a clip without figures.
    public mutating func text(of id: String) -> String {
      let isNext = next < metrics.count && metrics.keys[next] == id
      guard let place = isNext ? next : metrics.keys.place(of: id) else { return "" }
      next = place + 1
      if tile != place / ColumnTiles.tile {
        tile = place / ColumnTiles.tile
        rows = metrics.table.rows(ofTile: tile)
      }
      let row = rows[place % ColumnTiles.tile]
      let columns = [ClipMetrics.frames, ClipMetrics.captions] + order.map(\.column)
      return columns.reduce(into: names) { text, column in
        text += column < row.count ? " \(String(row[column].bitPattern, radix: 36))" : " -"
      }
    }
  }
}

extension ClipMetrics: Hashable {
  /// Whether both have the same clips with the same figures.
  public static func == (left: ClipMetrics, right: ClipMetrics) -> Bool {
    left.keys == right.keys && zip(left, right).allSatisfy { $0.value == $1.value }
  }

  /// Feeds the clips' ids.
  public func hash(into hasher: inout Hasher) { hasher.combine(keys) }
}

extension ClipMetrics: ExpressibleByDictionaryLiteral {
  /// The figures of the clips that are written down; each clip once.
  public init(dictionaryLiteral elements: (String, MetricSet)...) {
    self.init(Dictionary(uniqueKeysWithValues: elements))
  }
}

extension ClipMetrics: Codable {
  /// Reads an object with the figures by clip.
  public init(from decoder: any Decoder) throws {
    self.init(try [String: MetricSet](from: decoder))
  }

  /// Writes an object with the figures by clip.
  public func encode(to encoder: any Encoder) throws {
    try Dictionary(uniqueKeysWithValues: map { ($0.key, $0.value) }).encode(to: encoder)
  }
}
