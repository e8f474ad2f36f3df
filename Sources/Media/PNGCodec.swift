import CPNG

/// Masks as PNG files, as AVSBench stores them.
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
    return try decode(UnsafeRawBufferPointer(rebasing: bytes[..<filled]), path: path)
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
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(clamping: width)
    image.height = png_uint_32(clamping: height)
    image.format = kPNGFormatGray
    defer { png_image_free(&image) }
    let values = pixels.map { $0 == 0 ? 0 : UInt8.max }
    // Incompressible rows grow by the filter byte and deflate's blocks.
    let raw = (width + 1) * height
    var count = png_alloc_size_t(raw + raw / 100 + 4096)
    var bytes = [UInt8](repeating: 0, count: count)
    guard png_image_write_to_memory(&image, &bytes, &count, 0, values, 0, nil) != 0 else {
      throw .cannotEncode(format: "PNG", reason: message(&image))
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(MediaError) -> GrayImage {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
      throw .damaged(path: path, reason: message(&image))
    }
    let width = Int(image.width)
    let height = Int(image.height)
    guard MediaLimits.allow(width: width, height: height) else {
      throw .frameTooLarge(path: path, width: width, height: height)
    }
    // A gray value could round a dark colour to black.
    let isColoured = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
    image.format = isColoured ? kPNGFormatRGB : kPNGFormatGray
    let channels = isColoured ? 3 : 1
    var black = png_color()
    var values = [UInt8](repeating: 0, count: width * height * channels)
    guard png_image_finish_read(&image, &black, &values, 0, nil) != 0 else {
      throw .damaged(path: path, reason: message(&image))
    }
    let pixels = (0..<width * height).map { pixel -> UInt8 in
      let isSet = values[pixel * channels..<(pixel + 1) * channels].contains { $0 != 0 }
      return isSet ? .max : 0
    }
    return GrayImage(width: width, height: height, pixels: pixels)
  }

  private static func message(_ image: inout png_image) -> String {
    withUnsafeBytes(of: &image.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
