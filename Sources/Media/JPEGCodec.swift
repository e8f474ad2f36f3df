import CLibAV

/// Pictures as JPEG files.
public enum JPEGCodec {
  /// Encodes a picture.
  ///
  /// - Parameters:
  ///   - image: The picture; each side is 1 to 65 500 pixels.
  ///   - quality: 1 (small) to 100 (good), on the usual scale, on which 50 is the standard's tables.
  /// - Returns: The file's bytes.
  /// - Throws: ``MediaError/cannotEncode(format:reason:)`` or ``MediaError/outOfMemory``.
  public static func encode(_ image: RGBImage, quality: Int) throws(MediaError) -> [UInt8] {
    guard (1...65_500).contains(image.width), (1...65_500).contains(image.height) else {
      throw .cannotEncode(
        format: "JPEG", reason: "a picture of \(image.width)×\(image.height) pixels is not allowed")
    }
    let encoder = try Encoder(name: "mjpeg", format: "JPEG")
    encoder.context.pointee.color_range = AVCOL_RANGE_JPEG
    let bytes = try StillPicture.encode(
      image, with: encoder, format: AV_PIX_FMT_YUVJ420P, quality: FF_QP2LAMBDA * scale(quality))
    guard !bytes.isEmpty else { throw .cannotEncode(format: "JPEG", reason: "nothing came out") }
    return bytes
  }

  /// The encoder's step, 1 to 31, for a quality: 8 takes the standard's tables as they are.
  private static func scale(_ quality: Int) -> Int32 {
    let quality = min(max(quality, 1), 100)
    let percent = quality < 50 ? 5000 / quality : 200 - 2 * quality
    return Int32(min(max((percent * 8 + 50) / 100, 1), 31))
  }
}
