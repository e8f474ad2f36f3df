import Foundation

/// Loudness by pitch of one short stretch of sound, on the scale that the model hears:
/// log(magnitude · mel + 0.001) with 64 HTK mel bands (1127 · ln(1 + f / 700)) from 125 to 7500 Hz,
/// of a 400-sample periodic Hann window at 16 kHz in a transform of 512.
struct MelSpectrum {
  static let sampleRate = 16_000
  static let window = 400
  static let bands = 64
  /// The value of silence, log(0.001).
  static let floor = Float(-6.907755)

  private static let size = 512
  private let weights: [Float]
  private let cosines: [Float]
  private let sines: [Float]
  /// For each band, the first transform bin that counts and the weights from there on.
  private let triangles: [(first: Int, weights: [Float])]

  init() {
    weights = (0..<Self.window).map {
      Float(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(Self.window)))
    }
    let angles = (0..<Self.size / 2).map { -2 * .pi * Double($0) / Double(Self.size) }
    cosines = angles.map { Float(cos($0)) }
    sines = angles.map { Float(sin($0)) }
    triangles = Self.triangles()
  }

  /// The bands of one window, lowest first.
  ///
  /// - Parameter samples: ``window`` samples.
  /// - Returns: ``bands`` values, none below ``floor``.
  func bands(of samples: ArraySlice<Float>) -> [Float] {
    precondition(samples.count == Self.window, "\(samples.count) samples")
    var real = [Float](repeating: 0, count: Self.size)
    var imaginary = real
    for (place, sample) in samples.enumerated() { real[place] = sample * weights[place] }
    transform(&real, &imaginary)
    return triangles.map { triangle in
      var sum: Float = 0
      for (offset, weight) in triangle.weights.enumerated() {
        let bin = triangle.first + offset
        sum += weight * (real[bin] * real[bin] + imaginary[bin] * imaginary[bin]).squareRoot()
      }
      return log(sum + 0.001)
    }
  }

  /// Cooley and Tukey's transform in place, radix 2.
  private func transform(_ real: inout [Float], _ imaginary: inout [Float]) {
    let size = Self.size
    var target = 0
    for place in 1..<size {
      var bit = size >> 1
      while target & bit != 0 {
        target ^= bit
        bit >>= 1
      }
      target |= bit
      if place < target {
        real.swapAt(place, target)
        imaginary.swapAt(place, target)
      }
    }
    var length = 2
    while length <= size {
      let (half, step) = (length / 2, size / length)
      for start in stride(from: 0, to: size, by: length) {
        for place in 0..<half {
          let (low, high) = (start + place, start + place + half)
          let (c, s) = (cosines[place * step], sines[place * step])
          let (r, i) = (
            real[high] * c - imaginary[high] * s, real[high] * s + imaginary[high] * c
          )
          (real[high], imaginary[high]) = (real[low] - r, imaginary[low] - i)
          (real[low], imaginary[low]) = (real[low] + r, imaginary[low] + i)
        }
      }
      length *= 2
    }
  }

  private static func triangles() -> [(first: Int, weights: [Float])] {
    func mel(_ hertz: Double) -> Double { 1127 * log1p(hertz / 700) }
    let (low, high) = (mel(125), mel(7500))
    let edges = (0..<bands + 2).map { low + (high - low) * Double($0) / Double(bands + 1) }
    let places = (0...size / 2).map { mel(Double(sampleRate) * Double($0) / Double(size)) }
    return (0..<bands).map { band in
      let all = places.map { place in
        let rising = (place - edges[band]) / (edges[band + 1] - edges[band])
        let falling = (edges[band + 2] - place) / (edges[band + 2] - edges[band + 1])
        return Float(max(0, min(rising, falling)))
      }
      let first = all.firstIndex { $0 > 0 } ?? 1
      return (first, Array(all[first...].prefix { $0 > 0 }))
    }
  }
}
