import CKernels
import Foundation

/// Magnitudes of the spectra of windows of up to 512 samples, eight windows at a time.
///
/// Even and odd samples go through one complex transform of half the size as real and imaginary
/// parts (radix 2, decimation in time); the spectrum of all follows from its symmetry.
public struct FourierTransform: Sendable {
  /// How many samples of a window go in.
  public static let size = 512

  /// How many magnitudes of a window come out.
  public static let bins = size / 2 + 1

  /// How many windows are transformed together; none depends on the others.
  private static let together = 8

  /// cos and -sin of 2πk / 512, for k from 0 to 255.
  private let cosines: [Double]
  private let sines: [Double]

  /// Prepares the transform.
  public init() {
    let angles = (0..<Self.size / 2).map { 2 * Double.pi * Double($0) / Double(Self.size) }
    cosines = angles.map { cos($0) }
    sines = angles.map { -sin($0) }
  }

  /// The magnitude at each frequency, of each window that fits.
  ///
  /// - Parameters:
  ///   - samples: The sound.
  ///   - hop: Samples from one window to the next.
  ///   - window: What the samples of a window are multiplied by; an even count. What is missing to 512 are zeros.
  /// - Returns: [windows, 257].
  public func magnitudes(_ samples: [Float], hop: Int, window: [Double]) -> Tensor {
    precondition(
      window.count % 2 == 0 && window.count <= Self.size && window.count <= samples.count,
      "a window of \(window.count) for \(samples.count) samples")
    let count = (samples.count - window.count) / hop + 1
    let whole = count / Self.together * Self.together
    return Tensor(shape: [count, Self.bins]) { result in
      guard let start = result.baseAddress else { return }
      samples.withUnsafeBufferPointer { samples in
        guard let from = samples.baseAddress else { return }
        for first in stride(from: 0, to: whole, by: Self.together) {
          transform(from + first * hop, hop, window, start + first * Self.bins)
        }
      }
      guard whole < count else { return }
      // The last ones get silence for company.
      let needed = (Self.together - 1) * hop + window.count
      let rest = Array(samples[(whole * hop)...].prefix(needed))
      let company = Tensor(shape: [Self.together, Self.bins]) { all in
        guard let all = all.baseAddress else { return }
        transform(
          rest + [Float](repeating: 0, count: needed - rest.count), hop, window, all)
      }
      for (place, value) in company.values.prefix((count - whole) * Self.bins).enumerated() {
        result[whole * Self.bins + place] = value
      }
    }
  }

  private func transform(
    _ samples: UnsafePointer<Float>, _ hop: Int, _ window: [Double],
    _ result: UnsafeMutablePointer<Float>
  ) {
    kernel_table_best().pointee.magnitudes(
      samples, hop, window, window.count, cosines, sines, result)
  }
}
