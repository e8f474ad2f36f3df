import Foundation
import Media

/// Draws a clip's sound: the reach of its samples as a path, its spectrum as a picture. Both span
/// the whole clip in equally wide columns, however long it is.
struct SoundDrawing {
  static let columns = 640

  /// The outline of the samples as the `d` of a path, in a box of ``columns`` × 64.
  let waveform: String

  /// ``columns`` × ``MelSpectrum/bands``, high sounds above.
  let spectrum: RGBImage

  /// The loudest sample, 0 to 1.
  let peak: Float

  /// Reads and draws.
  ///
  /// - Parameters:
  ///   - reader: The sound at ``MelSpectrum/sampleRate``.
  ///   - seconds: How much of it.
  /// - Throws: `MediaError` when the disk fails or memory runs out.
  init(_ reader: SoundReader, seconds: Double) throws {
    let mel = MelSpectrum()
    let margin = MelSpectrum.window / 2
    var reach: [(low: Float, high: Float)] = []
    var levels: [[Float]] = []
    for column in 0..<Self.columns {
      let first = Self.sample(at: column, seconds)
      let last = max(first + 1, Self.sample(at: column + 1, seconds))
      let samples = try reader.samples(first - margin..<last + margin)
      let own = samples[margin..<margin + last - first]
      reach.append((own.min() ?? 0, own.max() ?? 0))
      levels.append(Self.level(samples, mel))
    }
    peak = reach.reduce(0) { max($0, -$1.low, $1.high) }
    waveform = Self.path(reach, peak: peak)
    spectrum = Self.picture(levels)
  }

  private static func sample(at column: Int, _ seconds: Double) -> Int {
    Int(seconds * Double(MelSpectrum.sampleRate) * Double(column) / Double(columns))
  }

  /// The mean of at most three windows that are spread over a column.
  private static func level(_ samples: [Float], _ mel: MelSpectrum) -> [Float] {
    let room = samples.count - MelSpectrum.window
    let windows = room < MelSpectrum.window ? 1 : 3
    var sum = [Float](repeating: 0, count: MelSpectrum.bands)
    for number in 0..<windows {
      let start = room * (2 * number + 1) / (2 * windows)
      let bands = mel.bands(of: samples[start..<start + MelSpectrum.window])
      for band in sum.indices { sum[band] += bands[band] / Float(windows) }
    }
    return sum
  }

  /// There along the high samples, back along the low ones; quiet sound fills the box as loud does.
  private static func path(_ reach: [(low: Float, high: Float)], peak: Float) -> String {
    let scale = 31 / max(peak, 0.001)
    let y = { (sample: Float) in Int((32 - sample * scale).rounded()) }
    let there = reach.enumerated().map { "\($0) \(y($1.high))" }
    let back = reach.enumerated().reversed().map { "\($0) \(y($1.low) + 1)" }
    return "M" + (there + back).joined(separator: "L") + "Z"
  }

  private static func picture(_ levels: [[Float]]) -> RGBImage {
    let most = levels.reduce(MelSpectrum.floor + 1) { max($0, $1.max() ?? $0) }
    let scale = 1 / (most - MelSpectrum.floor)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * levels.count * MelSpectrum.bands)
    for band in (0..<MelSpectrum.bands).reversed() {
      for column in levels {
        pixels += colour(min(max((column[band] - MelSpectrum.floor) * scale, 0), 1))
      }
    }
    return RGBImage(width: levels.count, height: MelSpectrum.bands, pixels: pixels)
  }

  /// From near black over violet and orange to near white: lightness grows evenly, so that the
  /// picture reads without colours, too.
  private static let scale: [[Float]] = [
    [9, 8, 18], [52, 16, 82], [118, 28, 108], [185, 54, 84], [236, 103, 46], [252, 177, 58],
    [252, 250, 190],
  ]

  private static func colour(_ share: Float) -> [UInt8] {
    let place = share * Float(scale.count - 1)
    let step = min(Int(place), scale.count - 2)
    let part = place - Float(step)
    return (0..<3).map {
      UInt8(scale[step][$0] + (scale[step + 1][$0] - scale[step][$0]) * part)
    }
  }
}
