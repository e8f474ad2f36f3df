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
    let windows = Self.offsets.map {
      sound.cut(from: Self.start(second: second, offset: $0), count: Self.samples)
    }
    logMel = Tensor.joinedRows(windows.map { spectrogram($0) })
      .reshaped([windows.count, Self.frames, LogMelSpectrogram.bins, 1])
    levels = windows.map { Self.level($0[0..<Self.levelSamples]) }
  }

  /// The sample where a patch begins; halves are rounded away from zero.
  static func start(second: Double, offset: Double) -> Int {
    let exact = (second + offset) * Double(sampleRate)
    precondition(abs(exact) < 1e15, "a frame at \(second) s")
    return Int(exact.rounded(.toNearestOrAwayFromZero))
  }

  private static func level(_ samples: ArraySlice<Float>) -> Float {
    let squares = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
    return Float((20 * log10((squares / Double(samples.count)).squareRoot() + 1e-5) + 40) / 20)
  }
}
