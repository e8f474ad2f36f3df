import Foundation
import TensorCore

/// What the model hears of one frame's second: three overlapping patches and their loudness.
struct SoundPatches: Sendable {
  static let sampleRate = 16_000
  static let frames = 96
  static let offsets = [-0.48, 0.0, 0.48]
  static let levelSamples = frames * LogMelSpectrogram.hop
  static let samples = (frames - 1) * LogMelSpectrogram.hop + LogMelSpectrogram.frame

  /// Log-mel values: [patches, 96, 64, 1].
  let logMel: Tensor

  /// Scaled loudness of each patch: (20 · log₁₀(rms + 1e-5) + 40) / 20.
  let levels: [Float]

  /// Cuts and transforms the sound.
  init(of sound: SoundWindow, second: Double, spectrogram: LogMelSpectrogram) {
    let starts = Self.offsets.map { Self.start(second: second, offset: $0) }
    let windows = starts.map { sound.cut(from: $0, count: Self.samples) }
    logMel = Self.logMel(windows, starts: starts, spectrogram)
      .reshaped([windows.count, Self.frames, LogMelSpectrogram.bins, 1])
    levels = windows.map { Self.level(Array($0[0..<Self.levelSamples])) }
  }

  /// Log-mel values of patches, one after the other: [patches · 96, 64].
  ///
  /// Patches overlap by half. Where they lie on the same grid, what they share is computed once.
  private static func logMel(
    _ windows: [[Float]], starts: [Int], _ spectrogram: LogMelSpectrogram
  ) -> Tensor {
    let half = frames / 2
    var parts: [Tensor] = []
    for (index, window) in windows.enumerated() {
      let overlaps =
        index > 0 && starts[index] - starts[index - 1] == half * LogMelSpectrogram.hop
      guard overlaps, let earlier = parts.last else {
        parts.append(spectrogram(window))
        continue
      }
      parts.append(
        .joinedRows([
          earlier.rows(half..<frames),
          spectrogram(Array(window[(half * LogMelSpectrogram.hop)...])),
        ]))
    }
    return .joinedRows(parts)
  }

  /// The sample where a patch begins; halves are rounded away from zero.
  static func start(second: Double, offset: Double) -> Int {
    let exact = (second + offset) * Double(sampleRate)
    precondition(abs(exact) < 1e15, "a frame at \(second) s")
    return Int(exact.rounded(.toNearestOrAwayFromZero))
  }

  private static func level(_ samples: [Float]) -> Float {
    let squares = Tensor(shape: [samples.count], values: samples).squareSum
    return Float((20 * log10((squares / Double(samples.count)).squareRoot() + 1e-5) + 40) / 20)
  }
}
