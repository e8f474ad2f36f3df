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
    precondition(clipsPerBatch > 0, "\(clipsPerBatch) clips in a batch")
    let scored = clips.map { $0.filter { $0.iou != nil } }.filter { !$0.isEmpty }
    let isComplete = scored.joined().allSatisfy { ($0.fScore == nil) == ($0.wholeFrameF == nil) }
    if scored.isEmpty || !isComplete { return nil }
    let batches = stride(from: 0, to: scored.count, by: clipsPerBatch).map { start in
      Array(scored[start..<min(start + clipsPerBatch, scored.count)].joined())
    }
    meanIoU = Self.mean(batches.map { Self.mean($0.compactMap(\.iou)) })
    bestFScore = Self.mean(
      batches.map { frames in
        max(Self.mean(frames.compactMap(\.fScore)), Self.mean(frames.compactMap(\.wholeFrameF)))
      })
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}
