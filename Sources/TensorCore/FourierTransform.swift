import CKernels
import Foundation

/// Magnitudes of the spectra of windows of 512 real samples, eight windows at a time.
///
/// Even and odd samples go through one complex transform of half the size as real and imaginary
/// parts (radix 2, decimation in time); the spectrum of all follows from its symmetry.
public struct FourierTransform: Sendable {
  /// How many samples of a window go in.
  public static let size = 512

  /// How many magnitudes of a window come out.
  public static let bins = size / 2 + 1

  /// How many windows are transformed together; none depends on the others.
  public static let windows = 8

  /// cos and -sin of 2πk / 512, for k from 0 to 255.
  private let cosines: [Double]
  private let sines: [Double]

  /// Prepares the transform.
  public init() {
    let angles = (0..<Self.size / 2).map { 2 * Double.pi * Double($0) / Double(Self.size) }
    cosines = angles.map { cos($0) }
    sines = angles.map { -sin($0) }
  }

  /// The magnitude at each frequency.
  ///
  /// - Parameter samples: [512, 8]: the first sample of each window, then the second, and so on.
  /// - Returns: [257, 8], in the same way.
  public func magnitudes(_ samples: [Double]) -> Tensor {
    precondition(
      samples.count == Self.size * Self.windows, "\(samples.count) samples where 8·512 are needed")
    return Tensor(shape: [Self.bins, Self.windows]) { result in
      guard let start = result.baseAddress else { return }
      kernel_table_best().pointee.magnitudes(samples, cosines, sines, start)
    }
  }
}
