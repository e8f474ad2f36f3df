import Media

/// Pictures as pages load them: WebP, or JPEG on a machine that cannot write it.
enum PagePicture {
  /// How their files' names end.
  static let ending = WebPCodec.isPossible ? ".webp" : ".jpg"

  /// Encodes a picture: 70 is fine for a frame, on WebP's scale.
  static func encode(_ picture: RGBImage, quality: Int = 72) throws(MediaError) -> [UInt8] {
    WebPCodec.isPossible
      ? try WebPCodec.encode(picture, quality: quality)
      : try JPEGCodec.encode(picture, quality: min(100, quality + 8))
  }
}
