import Foundation

/// The inputs that golden tensors were made from: formulas, so that they need no file.
enum GoldenInputs {
  /// How many frames there are; frame t begins at t seconds.
  static let frames = 2

  private static let sampleCount = 32_000

  /// One frame: stripes and curves as a picture, a rising tone with grain as sound.
  ///
  /// - Parameters:
  ///   - frame: Which frame.
  ///   - width: Pixels in a row.
  ///   - height: Rows.
  /// - Returns: The frame.
  static func input(frame: Int, width: Int, height: Int) -> FrameInput {
    FrameInput(
      picture: picture(frame: frame, width: width, height: height), second: Double(frame),
      sound: SoundWindow(samples: sound(), start: 0))
  }

  /// R = 3x + 2y + 40t, G = xy / 16 + 80t, B = 5y + 255 - x / 2 + 13t, all modulo 256.
  private static func picture(frame: Int, width: Int, height: Int) -> [UInt8] {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let red = 3 * x + 2 * y + 40 * frame
        let green = x * y / 16 + 80 * frame
        let blue = 5 * y + 255 - x / 2 + 13 * frame
        pixels += [red, green, blue].map { UInt8(truncatingIfNeeded: $0) }
      }
    }
    return pixels
  }

  /// 0.3 · sin(2π · (220 + 60n/16000) · n/16000) + 0.1 · ((7919n mod 1000) / 500 - 1).
  private static func sound() -> [Float] {
    (0..<sampleCount).map { n in
      let second = Double(n) / 16_000
      let tone = 0.3 * sin(2 * .pi * (220 + 60 * second) * second)
      return Float(tone + 0.1 * (Double(n * 7919 % 1000) / 500 - 1))
    }
  }
}
