public import Annotations

/// How well one predicted mask covers one true mask.
public struct MaskScore: Hashable, Sendable {
  /// Intersection over union, as AVSBench's M_J: intersection ÷ (union + 10⁻⁷); where nothing is
  /// true, the share of pixels that the prediction leaves empty.
  public let iou: Double

  /// F = 1.3·P·R ÷ (0.3·P + R), that is β² = 0.3, of the mask as it is stored; nil where nothing is
  /// true, as AVSBench skips such frames.
  ///
  /// AVSBench's M_F takes the best of 255 thresholds on probabilities; see ``SegmentationScore``
  /// and, for stored masks, ``BatchScore``.
  public let fScore: Double?

  /// The F-measure of a prediction that covers the whole frame, which AVSBench's threshold 0 gives;
  /// nil where nothing is true.
  public let wholeFrameF: Double?

  /// Compares masks.
  ///
  /// - Parameters:
  ///   - prediction: The predicted mask; brought to the true mask's size by nearest neighbour.
  ///   - truth: The true mask.
  public init(prediction: BinaryMask, truth: BinaryMask) {
    let prediction = prediction.resized(toWidth: truth.width, height: truth.height)
    var both = 0
    var predicted = 0
    var real = 0
    for (first, second) in zip(prediction.pixels, truth.pixels) {
      both += Int(first & second)
      predicted += Int(first)
      real += Int(second)
    }
    let pixels = truth.width * truth.height
    if real == 0 {
      iou = Double(pixels - predicted) / (Double(pixels) + 1e-7)
      fScore = nil
      wholeFrameF = nil
    } else {
      iou = Double(both) / (Double(predicted + real - both) + 1e-7)
      fScore = SegmentationScore.fMeasure(
        matched: Double(both), predicted: Double(predicted), real: Double(real))
      wholeFrameF = SegmentationScore.fMeasure(
        matched: Double(real), predicted: Double(pixels), real: Double(real))
    }
  }
}
