import CPNG

/// Masks and label maps as PNG files, as AVSBench stores them.
public enum PNGCodec {
  /// Reads a mask.
  ///
  /// Any colour type is accepted; transparent pixels count as black. A pixel that is not black
  /// belongs to the mask: 255, everything else 0. So 0/1 and 0/255 files read the same.
  ///
  /// - Parameter path: The file.
  /// - Returns: The mask; every pixel is 0 or 255.
  /// - Throws: ``MediaError``.
  public static func decodeMask(path: String) throws(MediaError) -> GrayImage {
    try withBytes(of: path) { bytes throws(MediaError) in try decode(bytes, path: path) }
  }

  /// Reads a picture's colours, those of its palette where it has one.
  ///
  /// Transparent pixels are seen over black; 16 bits are cut to 8.
  ///
  /// - Parameter path: The file.
  /// - Returns: The picture.
  /// - Throws: ``MediaError``.
  public static func decodeRGB(path: String) throws(MediaError) -> RGBImage {
    try withBytes(of: path) { bytes throws(MediaError) in
      var image = png_image()
      defer { png_image_free(&image) }
      let (width, height) = try begin(&image, bytes, path: path)
      image.format = kPNGFormatRGB
      let values = try samples(&image, width * height * 3, as: UInt8.self, path: path)
      return RGBImage(width: width, height: height, pixels: values)
    }
  }

  private static func withBytes<Result>(
    of path: String, _ body: (UnsafeRawBufferPointer) throws(MediaError) -> Result
  ) throws(MediaError) -> Result {
    let file = try RegularFile(path: path)
    guard file.size > 0 else { throw .damaged(path: path, reason: "it is empty") }
    // No picture that is allowed is longer than four channels of 16 bits.
    guard file.size <= 8 * MediaLimits.pixels else {
      throw .damaged(path: path, reason: "it is too long for a mask")
    }
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: file.size, alignment: 16)
    defer { bytes.deallocate() }
    var filled = 0
    while filled < bytes.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
      let count = try file.read(into: rest, path: path)
      if count == 0 { break }
      filled += count
    }
    return try body(UnsafeRawBufferPointer(rebasing: bytes[..<filled]))
  }

  /// Writes a mask as an 8-bit gray PNG of 0 and 255.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row; at least 1.
  ///   - height: Rows; at least 1.
  ///   - pixels: `height × width` values, row-major; every value but 0 is written as 255.
  /// - Returns: The file's bytes.
  /// - Throws: ``MediaError/cannotEncode(format:reason:)``.
  public static func encodeMask(
    width: Int, height: Int, pixels: [UInt8]
  ) throws(MediaError) -> [UInt8] {
    precondition(
      pixels.count == width * height, "mask of \(height)×\(width) given \(pixels.count) pixels")
    var image = png_image()
    image.width = png_uint_32(clamping: width)
    image.height = png_uint_32(clamping: height)
    image.format = kPNGFormatGray
    let values = pixels.map { $0 == 0 ? 0 : UInt8.max }
    return try encoded(&image, rows: (width + 1) * height, values, nil)
  }

  /// Writes numbers of colours as an 8-bit PNG with a palette.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row; at least 1.
  ///   - height: Rows; at least 1.
  ///   - indices: `height × width` places in the palette, row-major.
  ///   - palette: Red, green and blue of at most 256 colours.
  /// - Returns: The file's bytes.
  /// - Throws: ``MediaError/cannotEncode(format:reason:)``.
  public static func encodeIndexed(
    width: Int, height: Int, indices: [UInt8], palette: [[UInt8]]
  ) throws(MediaError) -> [UInt8] {
    precondition(
      indices.count == width * height, "map of \(height)×\(width) given \(indices.count) pixels")
    precondition(
      palette.count <= 256 && palette.allSatisfy { $0.count == 3 }
        && indices.allSatisfy { $0 < palette.count }, "a palette of \(palette.count) colours")
    var image = png_image()
    image.width = png_uint_32(clamping: width)
    image.height = png_uint_32(clamping: height)
    image.format = kPNGFormatRGBColormap
    image.colormap_entries = png_uint_32(palette.count)
    return try encoded(&image, rows: (width + 1) * height, indices, Array(palette.joined()))
  }

  /// Writes a picture whose size and format are set.
  private static func encoded(
    _ image: inout png_image, rows: Int, _ values: [UInt8], _ palette: [UInt8]?
  ) throws(MediaError) -> [UInt8] {
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    // Incompressible rows grow by the filter byte and deflate's blocks.
    var count = png_alloc_size_t(rows + rows / 100 + 4096)
    var bytes = [UInt8](repeating: 0, count: count)
    guard png_image_write_to_memory(&image, &bytes, &count, 0, values, 0, palette) != 0 else {
      throw .cannotEncode(format: "PNG", reason: message(&image))
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Reads a picture's size.
  private static func begin(
    _ image: inout png_image, _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(MediaError) -> (width: Int, height: Int) {
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
      throw .damaged(path: path, reason: message(&image))
    }
    let width = Int(image.width)
    let height = Int(image.height)
    guard MediaLimits.allow(width: width, height: height) else {
      throw .frameTooLarge(path: path, width: width, height: height)
    }
    return (width, height)
  }

  /// Reads a picture over black, in the format that is set.
  private static func samples<Sample: FixedWidthInteger>(
    _ image: inout png_image, _ count: Int, as type: Sample.Type, path: String
  ) throws(MediaError) -> [Sample] {
    var black = png_color()
    var values = [Sample](repeating: 0, count: count)
    guard png_image_finish_read(&image, &black, &values, 0, nil) != 0 else {
      throw .damaged(path: path, reason: message(&image))
    }
    return values
  }

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(MediaError) -> GrayImage {
    var image = png_image()
    defer { png_image_free(&image) }
    let (width, height) = try begin(&image, bytes, path: path)
    // A gray value could round a dark colour to black, and 8 bits a small value of 16.
    let isColoured = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
    let isDeep = image.format & png_uint_32(PNG_FORMAT_FLAG_LINEAR) != 0
    let channels = isColoured ? 3 : 1
    let pixels: [UInt8]
    if isDeep {
      image.format = isColoured ? kPNGFormatLinearRGB : kPNGFormatLinearGray
      pixels = isSet(
        try samples(&image, width * height * channels, as: UInt16.self, path: path), channels)
    } else {
      image.format = isColoured ? kPNGFormatRGB : kPNGFormatGray
      pixels = isSet(
        try samples(&image, width * height * channels, as: UInt8.self, path: path), channels)
    }
    return GrayImage(width: width, height: height, pixels: pixels)
  }

  /// 255 for each pixel that is not black.
  private static func isSet(_ values: [some FixedWidthInteger], _ channels: Int) -> [UInt8] {
    stride(from: 0, to: values.count, by: channels).map { start in
      values[start..<start + channels].contains { $0 != 0 } ? .max : 0
    }
  }

  private static func message(_ image: inout png_image) -> String {
    withUnsafeBytes(of: &image.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
