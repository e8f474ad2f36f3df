/// The sums of many clips, a column for each place of ``MetricSums`` that is not 0 in all of them.
struct ClipSums: Sendable {
  /// How many clips there are.
  private(set) var count = 0

  /// Columns by place; empty where all clips have 0.
  private var reals = [[Double]](repeating: [], count: MetricSums.count)

  /// The columns of counts, which need half as much.
  private var wholes = [[UInt32]](repeating: [], count: MetricSums.count)

  init() {}

  /// Takes the sums of clips.
  init(_ clips: [MetricSums]) { for sums in clips { append(sums) } }

  /// Adds a clip.
  mutating func append(_ sums: MetricSums) {
    for (place, value) in sums.values.enumerated() where value != 0 || isUsed(place) {
      use(place)
      if MetricSums.isWhole[place] {
        wholes[place].append(UInt32(value))
      } else {
        reals[place].append(value)
      }
    }
    count += 1
  }

  /// Adds to the sums of a clip.
  mutating func add(_ sums: MetricSums, to clip: Int) {
    for (place, value) in sums.values.enumerated() where value != 0 {
      use(place)
      if MetricSums.isWhole[place] {
        wholes[place][clip] += UInt32(value)
      } else {
        reals[place][clip] += value
      }
    }
  }

  /// The sums of one clip.
  subscript(clip: Int) -> MetricSums {
    MetricSums(values: wholes.indices.map { value($0, clip) })
  }

  /// The same clips in another order, or some of them.
  ///
  /// - Parameter places: Which clips, as places in this table.
  /// - Returns: A table of these clips.
  func clips(at places: [Int]) -> ClipSums {
    var result = ClipSums()
    result.count = places.count
    for place in wholes.indices {
      if !wholes[place].isEmpty { result.wholes[place] = places.map { wholes[place][$0] } }
      if !reals[place].isEmpty { result.reals[place] = places.map { reals[place][$0] } }
    }
    return result
  }

  /// The sums of all clips.
  var total: MetricSums {
    MetricSums(
      values: wholes.indices.map { place in
        (0..<count).reduce(0) { $0 + value(place, $1) }
      })
  }

  private func value(_ place: Int, _ clip: Int) -> Double {
    if !wholes[place].isEmpty { return Double(wholes[place][clip]) }
    return reals[place].isEmpty ? 0 : reals[place][clip]
  }

  private func isUsed(_ place: Int) -> Bool {
    !wholes[place].isEmpty || !reals[place].isEmpty
  }

  /// Gives a place a column.
  private mutating func use(_ place: Int) {
    guard count > 0, !isUsed(place) else { return }
    if MetricSums.isWhole[place] {
      wholes[place] = [UInt32](repeating: 0, count: count)
    } else {
      reals[place] = [Double](repeating: 0, count: count)
    }
  }
}

extension ClipSums {
  /// Clips that are added up before the next place is looked at, so that their weights stay at hand.
  private static let tile = 256

  /// For each of eight resamples the sums of the clips, each as often as it was drawn.
  ///
  /// - Parameter draws: For each resample, how often each clip was drawn; at most eight.
  /// - Returns: The sums by resample.
  func resampled(_ draws: [[UInt16]]) -> [MetricSums] {
    let places = wholes.indices.filter { isUsed($0) }
    // Two places at a time: one alone would wait for its additions.
    var totals = [SIMD8<Double>](repeating: .zero, count: places.count + places.count % 2)
    var weights = [SIMD8<Double>](repeating: .zero, count: Self.tile)
    var values = [Double](repeating: 0, count: totals.count * Self.tile)
    for start in stride(from: 0, to: count, by: Self.tile) {
      let clips = start..<min(start + Self.tile, count)
      for (lane, draw) in draws.enumerated() {
        for clip in clips { weights[clip - start][lane] = Double(draw[clip]) }
      }
      for (column, place) in places.enumerated() {
        copy(place, clips, to: &values, at: column * Self.tile)
      }
      Self.add(values, weights, clips.count, to: &totals)
    }
    return draws.indices.map { lane in
      var sums = [Double](repeating: 0, count: MetricSums.count)
      for (column, place) in places.enumerated() { sums[place] = totals[column][lane] }
      return MetricSums(values: sums)
    }
  }

  private func copy(_ place: Int, _ clips: Range<Int>, to values: inout [Double], at start: Int) {
    if wholes[place].isEmpty {
      for (index, clip) in clips.enumerated() { values[start + index] = reals[place][clip] }
    } else {
      for (index, clip) in clips.enumerated() {
        values[start + index] = Double(wholes[place][clip])
      }
    }
  }

  private static func add(
    _ values: [Double], _ weights: [SIMD8<Double>], _ count: Int, to totals: inout [SIMD8<Double>]
  ) {
    values.withUnsafeBufferPointer { values in
      weights.withUnsafeBufferPointer { weights in
        for column in stride(from: 0, to: totals.count, by: 2) {
          var (first, second) = (totals[column], totals[column + 1])
          for clip in 0..<count {
            first += weights[clip] * values[column * tile + clip]
            second += weights[clip] * values[(column + 1) * tile + clip]
          }
          (totals[column], totals[column + 1]) = (first, second)
        }
      }
    }
  }
}
