/// A picture of one channel.
public struct GrayImage: Hashable, Sendable {
  /// Pixels in a row.
  public let width: Int

  /// Rows.
  public let height: Int

  /// `height × width` values, row-major, 0 to 255.
  public let pixels: [UInt8]

  /// Makes a picture.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row.
  ///   - height: Rows.
  ///   - pixels: `height × width` values, row-major.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width >= 0 && height >= 0 && pixels.count == height * width,
      "picture of \(height)×\(width) given \(pixels.count) values")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
