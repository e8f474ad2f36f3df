import Foundation
import TensorCore

/// log(magnitude · mel + offset) of windows of sound, as the front ends of YAMNet and VGGish compute
/// it; they differ only in the offset.
///
/// 400-sample periodic Hann windows, 160 samples apart, in a transform of 512; 64 HTK mel bins
/// (1127 · ln(1 + f / 700)) from 125 to 7500 Hz, triangles in mel, without the constant part
/// (`tf.signal.linear_to_mel_weight_matrix`).
struct LogMelSpectrogram: Sendable {
  static let frame = 400
  static let hop = 160
  static let transformSize = FourierTransform.size
  static let bins = 64
  static let lowest = 125.0
  static let highest = 7500.0
  static let yamnetOffset = 0.001
  static let vggishOffset = 0.01

  private let transform = FourierTransform()
  private let window: [Double]

  /// 257 → 64.
  private let mel: LinearWeights

  private let offset: Float

  /// - Parameter offset: What is added before the logarithm.
  init(offset: Double = yamnetOffset) {
    self.offset = Float(offset)
    window = (0..<Self.frame).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(Self.frame)) }
    mel = Self.melMatrix()
  }

  /// Samples → [frames, 64], one frame for each window that fits.
  func callAsFunction(_ samples: [Float]) -> Tensor {
    var values = transform.magnitudes(samples, hop: Self.hop, window: window).linear(mel)
    values.logarithm(offset: offset)
    return values
  }

  private static func melMatrix() -> LinearWeights {
    func melScale(_ hertz: Double) -> Double { 1127 * log1p(hertz / 700) }
    let (low, high) = (melScale(lowest), melScale(highest))
    let edges = (0..<bins + 2).map { low + (high - low) * Double($0) / Double(bins + 1) }
    let rows = transformSize / 2 + 1
    var values = [Float](repeating: 0, count: rows * bins)
    for row in 1..<rows {
      let place = melScale(Double(SoundPatches.sampleRate) * Double(row) / Double(transformSize))
      for bin in 0..<bins {
        let rising = (place - edges[bin]) / (edges[bin + 1] - edges[bin])
        let falling = (edges[bin + 2] - place) / (edges[bin + 2] - edges[bin + 1])
        values[row * bins + bin] = Float(max(0, min(rising, falling)))
      }
    }
    return LinearWeights(
      weight: Tensor(shape: [rows, bins], values: values), bias: Tensor(zeros: [bins]))
  }
}
