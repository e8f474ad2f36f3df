/// A colour picture.
public struct RGBImage: Hashable, Sendable {
  /// Pixels in a row.
  public let width: Int

  /// Rows.
  public let height: Int

  /// `height × width × 3` values, row-major: red, green and blue of each pixel, 0 to 255.
  public var pixels: [UInt8] {
    didSet { Self.check(width, height, pixels) }
  }

  /// Makes a picture.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row.
  ///   - height: Rows.
  ///   - pixels: `height × width × 3` values, row-major.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    Self.check(width, height, pixels)
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  private static func check(_ width: Int, _ height: Int, _ pixels: [UInt8]) {
    precondition(
      width >= 0 && height >= 0 && pixels.count == height * width * 3,
      "picture of \(height)×\(width)×3 given \(pixels.count) values")
  }
}
