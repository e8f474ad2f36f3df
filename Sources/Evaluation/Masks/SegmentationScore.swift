import Foundation

public import Annotations

/// AVSBench's M_J and M_F of one batch of frames (there: one clip) from probabilities.
///
/// Formulas and constants: `mask_iou` and `Eval_Fmeasure` of AVSBench's `utils/utility.py`. The
/// best threshold is chosen for the batch, so M_F is optimistic and depends on the batch's size.
public struct SegmentationScore: Hashable, Sendable {
  /// Mean over the frames of intersection over union at probability 0.5.
  public let meanIoU: Double

  /// The F-measure at the best of 255 thresholds; 0 when no frame has a true pixel.
  public let bestFScore: Double

  /// Scores the frames of a batch.
  ///
  /// - Parameters:
  ///   - logits: For each frame, `height × width` values before the sigmoid, row-major. What is
  ///     not a number counts as probability 0.
  ///   - truths: For each frame, the true mask.
  /// - Precondition: At least one frame; every frame has as many logits as pixels.
  public init(logits: [[Float]], truths: [BinaryMask]) {
    precondition(!logits.isEmpty && logits.count == truths.count, "frames and truths differ")
    var iou = 0.0
    var curve = [Double](repeating: 0, count: Self.thresholdCount)
    var scored = 0
    for (frame, truth) in zip(logits, truths) {
      precondition(frame.count == truth.pixels.count, "logits and pixels differ")
      let probabilities = frame.map(Self.sigmoid)
      let binary = BinaryMask(
        width: truth.width, height: truth.height, pixels: probabilities.map { $0 > 0.5 ? 1 : 0 })
      iou += MaskScore(prediction: binary, truth: truth).iou
      if truth.isEmpty { continue }
      for (index, value) in Self.curve(probabilities, truth).enumerated() { curve[index] += value }
      scored += 1
    }
    meanIoU = iou / Double(logits.count)
    bestFScore = (curve.max() ?? 0) / Double(max(1, scored))
  }

  /// The figures of a data set: AVSBench's mean over batches, each of which counts once.
  ///
  /// - Parameter batches: The scores of the batches, at least one.
  /// - Returns: The mean M_J and M_F.
  public static func mean(of batches: [SegmentationScore]) -> (meanIoU: Double, bestFScore: Double)
  {
    precondition(!batches.isEmpty, "no batch")
    let count = Double(batches.count)
    return (
      batches.reduce(0) { $0 + $1.meanIoU } / count,
      batches.reduce(0) { $0 + $1.bestFScore } / count
    )
  }

  private static let thresholdCount = 255

  private static func sigmoid(_ logit: Float) -> Float {
    logit.isNaN ? 0 : Float(1 / (1 + exp(-Double(logit))))
  }

  /// The F-measure of one frame at the thresholds k ÷ 254.
  private static func curve(_ probabilities: [Float], _ truth: BinaryMask) -> [Double] {
    let thresholds = (0..<thresholdCount).map { Float(Double($0) / 254) }
    var predicted = [Double](repeating: 0, count: thresholdCount)
    var matched = predicted
    for (value, pixel) in zip(probabilities, truth.pixels) {
      var place = min(thresholdCount - 1, max(0, Int(value * 254)))
      while place + 1 < thresholdCount, value >= thresholds[place + 1] { place += 1 }
      while place > 0, value < thresholds[place] { place -= 1 }
      predicted[place] += 1
      matched[place] += Double(pixel)
    }
    for place in (0..<(thresholdCount - 1)).reversed() {
      predicted[place] += predicted[place + 1]
      matched[place] += matched[place + 1]
    }
    let real = matched[0]
    return thresholds.indices.map {
      fMeasure(matched: matched[$0], predicted: predicted[$0], real: real)
    }
  }

  /// F with β² = 0.3; 0 where precision and recall are 0.
  static func fMeasure(matched: Double, predicted: Double, real: Double) -> Double {
    let precision = matched / (predicted + 1e-20)
    let recall = matched / (real + 1e-20)
    let sum = 0.3 * precision + recall
    return sum == 0 ? 0 : 1.3 * precision * recall / sum
  }
}
