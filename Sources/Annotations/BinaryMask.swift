/// Which pixels of a frame belong to the sounding objects.
public struct BinaryMask: Hashable, Sendable {
  /// Pixels in a row.
  public let width: Int

  /// Rows.
  public let height: Int

  /// `height × width` values, row-major, each 0 or 1.
  public private(set) var pixels: [UInt8]

  /// Wraps pixel values.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row; at least 1.
  ///   - height: Rows; at least 1.
  ///   - pixels: `height × width` values, row-major; every value but 0 counts as 1.
  /// - Precondition: The count agrees with the size.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      pixels.count == width * height, "mask of \(height)×\(width) given \(pixels.count) pixels")
    self.width = width
    self.height = height
    self.pixels = pixels.map { $0 == 0 ? 0 : 1 }
  }

  /// A mask in which nothing sounds.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row.
  ///   - height: Rows.
  public init(emptyOfWidth width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 0, count: width * height)
  }

  /// How many pixels are set.
  public var area: Int { pixels.reduce(0) { $0 + Int($1) } }

  /// Whether no pixel is set.
  public var isEmpty: Bool { !pixels.contains(1) }

  /// Whether the pixel in row `y` and column `x` is set.
  ///
  /// - Precondition: `0 ≤ x < width` and `0 ≤ y < height`.
  public subscript(x: Int, y: Int) -> Bool {
    get { pixels[y * width + x] == 1 }
    set { pixels[y * width + x] = newValue ? 1 : 0 }
  }

  /// The mask at another size, by nearest neighbour (pixel centres aligned).
  ///
  /// - Parameters:
  ///   - width: Pixels in a row of the result.
  ///   - height: Rows of the result.
  /// - Returns: A mask of the asked size.
  public func resized(toWidth width: Int, height: Int) -> BinaryMask {
    if width == self.width && height == self.height { return self }
    var result = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      let sourceRow = (2 * y + 1) * self.height / (2 * height) * self.width
      for x in 0..<width {
        result[y * width + x] = pixels[sourceRow + (2 * x + 1) * self.width / (2 * width)]
      }
    }
    return BinaryMask(width: width, height: height, pixels: result)
  }
}
