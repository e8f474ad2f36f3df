import CLibAV

/// Pictures as WebP files, about half as large as JPEG of the same look.
public enum WebPCodec {
  private static let name = "libwebp"

  /// Whether this machine's libavcodec can write them.
  public static let isPossible = avcodec_find_encoder_by_name(name) != nil

  /// Encodes a picture.
  ///
  /// - Parameters:
  ///   - image: The picture; each side is 1 to 16 383 pixels.
  ///   - quality: 0 (small) to 100 (good).
  /// - Returns: The file's bytes.
  /// - Throws: ``MediaError/cannotEncode(format:reason:)`` or ``MediaError/outOfMemory``.
  public static func encode(_ image: RGBImage, quality: Int) throws(MediaError) -> [UInt8] {
    guard (1...16_383).contains(image.width), (1...16_383).contains(image.height) else {
      throw .cannotEncode(
        format: "WebP", reason: "a picture of \(image.width)×\(image.height) pixels is not allowed")
    }
    // Level 2 of 6: a fifth larger than the best and twice as fast.
    let bytes = try StillPicture.encode(
      image, with: try Encoder(name: name, format: "WebP"), format: AV_PIX_FMT_YUV420P,
      quality: nil, ["quality": "\(min(max(quality, 0), 100))", "compression_level": "2"])
    guard !bytes.isEmpty else { throw .cannotEncode(format: "WebP", reason: "nothing came out") }
    return bytes
  }
}
