import Evaluation

/// What remains of a clip when its page is written: everything that lists and dashboards need.
///
/// Kept in the build's manifest, so that a clip that has not changed is not read again.
struct ClipEntry: Codable {
  /// What lists say of it.
  var row: ClipRow

  /// Its frames in which something sounds, by the overlap with the truth: as many bins as
  /// ``CollectionTally/bins``.
  var overlap: [Int]

  /// Whether something visible sounds in it by the truth.
  var soundsByTruth: Bool

  /// The files in the clip's folder.
  var files: [String] = []

  /// The videos and pictures that its page shows, from the site's folder.
  var media: [String] = []

  /// Sums a clip up.
  init(row: ClipRow, moments: [ClipMoment]) {
    self.row = row
    soundsByTruth = moments.contains { $0.truthSounding == true }
    overlap = [Int](repeating: 0, count: CollectionTally.bins)
    for moment in moments where moment.truthSounding == true {
      guard let share = moment.score?.iou?.finite, (0...1).contains(share) else { continue }
      overlap[min(CollectionTally.bins - 1, Int(share * Double(CollectionTally.bins)))] += 1
    }
  }
}
