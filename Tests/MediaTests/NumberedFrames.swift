import Foundation
import Media

/// Frames that show their number as 12 black and white blocks in their upper half.
///
/// Of the lower half the left quarter is white, so that turned and mirrored frames read as another
/// number or none.
enum NumberedFrames {
  static let bits = 12

  /// `count` frames of `height × width × 3` values.
  static func raw(count: Int, width: Int, height: Int) -> Data {
    var data = Data(capacity: count * width * height * 3)
    for number in 0..<count {
      let upper = (0..<width).flatMap { x -> [UInt8] in
        let bit = x * bits / width
        return [UInt8](repeating: number >> bit & 1 == 1 ? 255 : 0, count: 3)
      }
      let lower = (0..<width).flatMap { x -> [UInt8] in
        [UInt8](repeating: x < width / 4 ? 255 : 0, count: 3)
      }
      for y in 0..<height { data.append(contentsOf: y < height / 2 ? upper : lower) }
    }
    return data
  }

  /// The number that a frame shows, or nil when it is not upright or too unclear.
  static func number(of image: RGBImage) -> Int? {
    var number = 0
    for bit in 0..<bits {
      guard let isSet = isWhite(image, Double(bit) + 0.5, of: Double(bits), y: 0.25) else {
        return nil
      }
      if isSet { number |= 1 << bit }
    }
    let isUpright =
      isWhite(image, 1, of: 8, y: 0.75) == true && isWhite(image, 7, of: 8, y: 0.75) == false
    return isUpright ? number : nil
  }

  private static func isWhite(_ image: RGBImage, _ x: Double, of parts: Double, y: Double) -> Bool?
  {
    let column = Int(Double(image.width) * x / parts)
    let row = Int(Double(image.height) * y)
    let green = image.pixels[(row * image.width + column) * 3 + 1]
    return green > 160 ? true : green < 96 ? false : nil
  }
}
