/// Sums over the frames in which a class occurs.
struct ClassSums: Sendable {
  var iou = 0.0
  var fScore = 0.0
  var frames = 0

  static func += (left: inout ClassSums, right: ClassSums) {
    left.iou += right.iou
    left.fScore += right.fScore
    left.frames += right.frames
  }
}

/// The figures of classes, and their means over classes.
struct ClassFigures {
  /// The sums of each clip, by class.
  private let clips: [[(place: Int, sums: ClassSums)]]
  private let names: [String]

  /// - Parameter clips: For each clip its sums by class.
  init(_ clips: [[String: ClassSums]]) {
    names = Set(clips.flatMap(\.keys)).sorted()
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    self.clips = clips.map { clip in
      clip.compactMap { name, sums in places[name].map { (place: $0, sums: sums) } }
        .sorted { $0.place < $1.place }
    }
  }

  /// The classes' own figures by name; empty for data sets that do not tell classes apart.
  var byClass: [String: MetricSet] {
    let sums = total(of: clips.indices)
    var result: [String: MetricSet] = [:]
    for (name, sums) in zip(names, sums) where sums.frames > 0 {
      let count = Double(sums.frames)
      result[name] = MetricSet(
        counts: MetricCounts(
          clips: clips.count { clip in clip.contains { names[$0.place] == name } },
          frames: sums.frames, captions: 0),
        values: [
          "IoU": MetricValue(sums.iou / count), "F-score": MetricValue(sums.fScore / count),
        ])
    }
    return result
  }

  /// The means over the classes that occur, with intervals from two clips on.
  func means(_ bootstrap: Bootstrap) -> [String: MetricValue] {
    guard let value = mean(of: clips.indices) else { return [:] }
    var intervals: ([Double], [Double])?
    if clips.count > 1 {
      let draws = (0..<bootstrap.resamples).compactMap { resample in
        var generator = SplitMix64(seed: bootstrap.seed, stream: resample)
        return mean(of: clips.indices.map { _ in generator.index(below: clips.count) })
      }
      if !draws.isEmpty {
        intervals = (
          Quantile.interval95(of: draws.map(\.iou)), Quantile.interval95(of: draws.map(\.fScore))
        )
      }
    }
    return [
      MetricName.classIoU: MetricValue(value.iou, ci95: intervals?.0),
      MetricName.classF: MetricValue(value.fScore, ci95: intervals?.1),
    ]
  }

  private func mean(of chosen: some Sequence<Int>) -> (iou: Double, fScore: Double)? {
    let sums = total(of: chosen).filter { $0.frames > 0 }
    if sums.isEmpty { return nil }
    let count = Double(sums.count)
    return (
      sums.reduce(0) { $0 + $1.iou / Double($1.frames) } / count,
      sums.reduce(0) { $0 + $1.fScore / Double($1.frames) } / count
    )
  }

  private func total(of chosen: some Sequence<Int>) -> [ClassSums] {
    var sums = [ClassSums](repeating: ClassSums(), count: names.count)
    for clip in chosen { for entry in clips[clip] { sums[entry.place] += entry.sums } }
    return sums
  }
}
