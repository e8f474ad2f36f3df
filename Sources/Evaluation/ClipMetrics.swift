/// The figures of many clips, a column for each metric: a number for each clip and figure, where a
/// dictionary of ``MetricSet`` would take kilobytes.
public struct ClipMetrics: Hashable, Sendable {
  /// The clips' ids, ascending.
  public private(set) var keys: [String] = []

  private var frames: [UInt32] = []
  private var captions: [UInt32] = []

  /// The names of the metrics that any clip has, ascending, each with its column.
  private(set) var metrics: [String] = []
  private var columns: [[Double]] = []

  /// Stands for a figure that a clip does not have; no figure is infinite.
  static let absent = -Double.infinity

  /// Has no clip.
  public init() {}

  /// Takes the figures of clips; intervals and medians, which a clip does not have, are left out.
  ///
  /// - Parameter sets: The figures by clip id.
  public init(_ sets: [String: MetricSet]) {
    for (id, set) in sets.sorted(by: { $0.key < $1.key }) {
      append(id, set.counts, set.values.map { ($0.key, $0.value.value) })
    }
  }

  /// How many clips there are.
  public var count: Int { keys.count }

  /// Whether there is no clip.
  public var isEmpty: Bool { keys.isEmpty }

  /// The figures of a clip; nil when it is not here.
  public subscript(id: String) -> MetricSet? { place(of: id).map { self[place: $0] } }

  /// Adds the next clip.
  ///
  /// - Precondition: The id is greater than all before it.
  mutating func append(_ id: String, _ counts: MetricCounts, _ values: [(String, Double)]) {
    precondition(keys.last.map { $0 < id } ?? true, "the clip “\(id)” is not in its order")
    for column in columns.indices { columns[column].append(Self.absent) }
    keys.append(id)
    frames.append(UInt32(counts.frames))
    captions.append(UInt32(counts.captions))
    for (metric, value) in values { columns[column(of: metric)][count - 1] = value }
  }

  /// The column of a metric, which may be new.
  private mutating func column(of metric: String) -> Int {
    if let known = metrics.firstIndex(of: metric) { return known }
    let place = metrics.firstIndex { $0 > metric } ?? metrics.count
    metrics.insert(metric, at: place)
    columns.insert([Double](repeating: Self.absent, count: count), at: place)
    return place
  }

  /// Takes a metric away from all clips.
  mutating func remove(_ metric: String) {
    guard let column = metrics.firstIndex(of: metric) else { return }
    metrics.remove(at: column)
    columns.remove(at: column)
  }

  /// The figures of a metric that clips have, in the order of the clips.
  ///
  /// - Parameters:
  ///   - metric: The metric's name.
  ///   - places: Which clips, as places in ``keys``; nil for all.
  /// - Returns: As many figures as clips have one.
  func values(of metric: String, at places: [Int]? = nil) -> [Double] {
    guard let column = metrics.firstIndex(of: metric).map({ columns[$0] }) else { return [] }
    return (places.map { $0.map { column[$0] } } ?? column).filter { $0 != Self.absent }
  }

  private subscript(place place: Int) -> MetricSet {
    var values: [String: MetricValue] = [:]
    for (metric, column) in zip(metrics, columns) where column[place] != Self.absent {
      values[metric] = MetricValue(column[place])
    }
    let counts = MetricCounts(
      clips: 1, frames: Int(frames[place]), captions: Int(captions[place]))
    return MetricSet(counts: counts, values: values)
  }

  private func place(of id: String) -> Int? {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < keys.count && keys[low] == id ? low : nil
  }
}

extension ClipMetrics: Sequence {
  /// Goes through the clips by id.
  public func makeIterator() -> AnyIterator<(key: String, value: MetricSet)> {
    var place = 0
    return AnyIterator {
      guard place < keys.count else { return nil }
      defer { place += 1 }
      return (keys[place], self[place: place])
    }
  }
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
