import Streaming

/// The sums of a set of clips, a row for each clip: ``MetricSums``, then ``ClassSums`` of each class.
struct ClipTable: Sendable {
  private var rows: ColumnTiles

  /// AVSBench's figures of batches of several clips, which are no sums over clips.
  private var batches: BatchAccumulator?

  /// - Parameters:
  ///   - spool: Where rows lie that are too many for memory.
  ///   - clipsPerBatch: How many clips are a batch of AVSBench's figures.
  init(in spool: Spool, clipsPerBatch: Int) {
    rows = ColumnTiles(width: MetricSums.count, empty: 0, in: spool)
    if clipsPerBatch > 1 { batches = BatchAccumulator(clipsPerBatch: clipsPerBatch) }
  }

  /// How many clips there are.
  var count: Int { rows.count }

  /// AVSBench's figures of batches of several clips; nil when a batch is one clip.
  var batchScore: BatchScore? { batches?.score }

  /// Adds a clip.
  mutating func append(_ row: [Double], _ frames: [FrameScore]) {
    rows.append(row)
    batches?.add(frames)
  }

  /// The sums of all clips, as a row.
  var total: [Double] {
    var total = [Double](repeating: 0, count: rows.width)
    rows.forEachTile { _, columns, values in
      for (column, values) in zip(columns, values) {
        total[Int(column)] = values.reduce(total[Int(column)], +)
      }
    }
    return total
  }

  /// In how many clips each class occurs.
  var clipsByClass: [Int] {
    let classes = (rows.width - MetricSums.count) / ClassSums.count
    return (0..<classes).map { place in
      rows.column(MetricSums.count + place * ClassSums.count + 2).count { $0 > 0 }
    }
  }

  /// For each of up to eight resamples the sums of the clips, each as often as it was drawn.
  ///
  /// - Parameter draws: For each resample, which clips it draws.
  /// - Returns: The sums by resample, as rows.
  func resampled(_ draws: consuming [ClipDraws]) -> [[Double]] {
    // One place more than there are columns: they are added up two at a time, since one alone would
    // wait for its additions.
    var totals = [SIMD8<Double>](repeating: .zero, count: rows.width + 1)
    var weights = [SIMD8<Double>](repeating: .zero, count: ColumnTiles.tile)
    rows.forEachTile { rows, columns, values in
      for place in weights.indices { weights[place] = .zero }
      for lane in draws.indices {
        draws[lane].next(rows.count) { weights[$0][lane] += 1 }
      }
      weights.withUnsafeBufferPointer { weights in
        for place in stride(from: 0, to: columns.count, by: 2) {
          let isPair = place + 1 < columns.count
          let (one, other) = (values[place], values[isPair ? place + 1 : place])
          let (column, next) = (
            Int(columns[place]), isPair ? Int(columns[place + 1]) : self.rows.width
          )
          var (first, second) = (totals[column], totals[next])
          for clip in 0..<rows.count {
            first += weights[clip] * one[clip]
            second += weights[clip] * other[clip]
          }
          (totals[column], totals[next]) = (first, second)
        }
      }
    }
    return draws.indices.map { lane in (0..<rows.width).map { totals[$0][lane] } }
  }
}
