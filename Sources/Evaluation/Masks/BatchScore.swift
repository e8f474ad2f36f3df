/// AVSBench's M_J and M_F of a data set whose predictions are stored as masks, batch by batch.
///
/// A stored mask is a probability of 0 or 1, so AVSBench's 255 thresholds give only two curves: at
/// threshold 0 the whole frame is predicted, at all others the mask. M_F takes the better of the two
/// for each batch; a batch without a true pixel counts 0. Both figures depend on the batch size,
/// which in AVSBench's own code is one clip.
public struct BatchScore: Hashable, Sendable {
  /// Mean over the batches of the mean IoU of their frames.
  public let meanIoU: Double

  /// Mean over the batches of the F-measure at the better threshold.
  public let bestFScore: Double

  /// Scores a data set; gives nil when no frame has a true mask, or scores are of a version without
  /// the whole frame's F-measure.
  ///
  /// - Parameters:
  ///   - clips: The scored frames of each clip; those without a known true mask are left out.
  ///   - clipsPerBatch: How many clips are one batch; the last batch may have fewer.
  /// - Precondition: At least one clip is in a batch.
  public init?(clips: [[FrameScore]], clipsPerBatch: Int = 1) {
    var batches = BatchAccumulator(clipsPerBatch: clipsPerBatch)
    for frames in clips { batches.add(frames) }
    guard let score = batches.score else { return nil }
    self = score
  }

  fileprivate init(meanIoU: Double, bestFScore: Double) {
    self.meanIoU = meanIoU
    self.bestFScore = bestFScore
  }
}

/// Adds up the batches of a data set, clip by clip.
struct BatchAccumulator: Sendable {
  private let clipsPerBatch: Int
  private var frames: [FrameScore] = []
  private var clips = 0
  private var isComplete = true
  private var sums = (iou: 0.0, fScore: 0.0, batches: 0.0)

  /// - Precondition: At least one clip is in a batch.
  init(clipsPerBatch: Int) {
    precondition(clipsPerBatch > 0, "\(clipsPerBatch) clips in a batch")
    self.clipsPerBatch = clipsPerBatch
  }

  /// Adds the frames of the next clip; those without a known true mask are left out.
  mutating func add(_ all: [FrameScore]) {
    let scored = all.filter { $0.iou != nil }
    if scored.isEmpty { return }
    if scored.contains(where: { ($0.fScore == nil) != ($0.wholeFrameF == nil) }) {
      isComplete = false
    }
    frames += scored
    clips += 1
    if clips == clipsPerBatch { closeBatch() }
  }

  private mutating func closeBatch() {
    sums.iou += Self.mean(frames.compactMap(\.iou))
    sums.fScore += max(
      Self.mean(frames.compactMap(\.fScore)), Self.mean(frames.compactMap(\.wholeFrameF)))
    sums.batches += 1
    frames = []
    clips = 0
  }

  /// The figures; nil when there are none, see ``BatchScore``.
  var score: BatchScore? {
    var whole = self
    if clips > 0 { whole.closeBatch() }
    guard isComplete, whole.sums.batches > 0 else { return nil }
    return BatchScore(
      meanIoU: whole.sums.iou / whole.sums.batches,
      bestFScore: whole.sums.fScore / whole.sums.batches)
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}
