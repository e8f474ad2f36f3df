import Foundation

/// Magnitudes of the spectrum of 512 real samples.
///
/// Even and odd samples go through one complex transform of half the size as real and imaginary
/// parts (radix 2, decimation in time); the spectrum of all follows from its symmetry.
struct FourierTransform: Sendable {
  /// How many samples go in.
  static let size = 512

  private static let half = size / 2

  /// cos and -sin of 2πk / 512, for k from 0 to 255.
  private let cosines: [Double]
  private let sines: [Double]

  /// Where each place of the half transform's input comes from: its bits in reverse.
  private let order: [Int]

  init() {
    let angles = (0..<Self.half).map { 2 * Double.pi * Double($0) / Double(Self.size) }
    cosines = angles.map { cos($0) }
    sines = angles.map { -sin($0) }
    order = (0..<Self.half).map { place in
      (0..<8).reduce(0) { $0 << 1 | (place >> $1 & 1) }
    }
  }

  /// The magnitude at each frequency: 512 samples → 257 values.
  func magnitudes(_ samples: [Double], into result: UnsafeMutablePointer<Float>) {
    precondition(samples.count == Self.size, "\(samples.count) samples where 512 are needed")
    var real = order.map { samples[2 * $0] }
    var imaginary = order.map { samples[2 * $0 + 1] }
    transform(&real, &imaginary)
    for k in 0...Self.half {
      let (place, mirror) = (k % Self.half, (Self.half - k) % Self.half)
      let evenReal = (real[place] + real[mirror]) / 2
      let evenImaginary = (imaginary[place] - imaginary[mirror]) / 2
      let oddReal = (imaginary[place] + imaginary[mirror]) / 2
      let oddImaginary = (real[mirror] - real[place]) / 2
      let (c, s) = k == Self.half ? (-1, 0) : (cosines[k], sines[k])
      let x = evenReal + c * oddReal - s * oddImaginary
      let y = evenImaginary + c * oddImaginary + s * oddReal
      result[k] = Float((x * x + y * y).squareRoot())
    }
  }

  /// The complex transform of 256 values that are already in bit-reversed order, in place.
  private func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        var span = 1
        while span < Self.half {
          let step = Self.half / span
          for start in stride(from: 0, to: Self.half, by: 2 * span) {
            for offset in 0..<span {
              let (c, s) = (cosines[offset * step], sines[offset * step])
              let (low, high) = (start + offset, start + offset + span)
              let x = c * real[high] - s * imaginary[high]
              let y = c * imaginary[high] + s * real[high]
              (real[high], imaginary[high]) = (real[low] - x, imaginary[low] - y)
              (real[low], imaginary[low]) = (real[low] + x, imaginary[low] + y)
            }
          }
          span *= 2
        }
      }
    }
  }
}
