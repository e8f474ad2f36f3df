/// Sums over the frames in which a class occurs.
struct ClassSums: Sendable {
  var iou = 0.0
  var fScore = 0.0
  var frames = 0.0

  /// How many numbers these are in a row of ``ClipTable``.
  static let count = 3

  init() {}

  /// Takes the sums of a class out of a row.
  ///
  /// - Parameters:
  ///   - row: A row.
  ///   - place: The class's number.
  init(_ row: [Double], _ place: Int) {
    let start = MetricSums.count + place * Self.count
    (iou, fScore, frames) = (row[start], row[start + 1], row[start + 2])
  }

  /// Adds a frame.
  mutating func add(_ score: ClassScore) {
    iou += score.iou
    fScore += score.fScore
    frames += 1
  }

  /// The sums as they stand in a row.
  var values: [Double] { [iou, fScore, frames] }

  /// The sums of all classes that a row has.
  static func all(in row: [Double]) -> [ClassSums] {
    (0..<((row.count - MetricSums.count) / count)).map { ClassSums(row, $0) }
  }

  /// The means over the classes that occur; nil without any.
  static func means(in row: [Double]) -> (iou: Double, fScore: Double)? {
    let sums = all(in: row).filter { $0.frames > 0 }
    if sums.isEmpty { return nil }
    let count = Double(sums.count)
    return (
      sums.reduce(0) { $0 + $1.iou / $1.frames } / count,
      sums.reduce(0) { $0 + $1.fScore / $1.frames } / count
    )
  }
}
