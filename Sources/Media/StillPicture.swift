import CLibAV

/// One picture encoded on its own.
enum StillPicture {
  /// Encodes a picture.
  ///
  /// - Parameters:
  ///   - image: The picture.
  ///   - encoder: libavcodec's encoder, its context still empty.
  ///   - format: The encoder's pixel format.
  ///   - quality: What `AVCodecContext.global_quality` shall be; nil where settings say it.
  ///   - settings: The encoder's own settings.
  /// - Returns: The file's bytes; empty where nothing came out.
  /// - Throws: ``MediaError/cannotEncode(format:reason:)`` or ``MediaError/outOfMemory``.
  static func encode(
    _ image: RGBImage, with encoder: Encoder, format: AVPixelFormat, quality: Int32?,
    _ settings: KeyValuePairs<String, String> = [:]
  ) throws(MediaError) -> [UInt8] {
    let context = encoder.context
    context.pointee.width = Int32(image.width)
    context.pointee.height = Int32(image.height)
    context.pointee.pix_fmt = format
    context.pointee.time_base = AVRational(num: 1, den: 25)
    context.pointee.thread_count = 1
    if let quality {
      context.pointee.flags |= AV_CODEC_FLAG_QSCALE
      context.pointee.qmin = 1
      context.pointee.global_quality = quality
    }
    try encoder.open(settings)
    let painter = try FramePainter(width: image.width, height: image.height, format: format)
    try painter.paint(image)
    painter.frame.pointee.quality = context.pointee.global_quality
    painter.frame.pointee.pts = 0
    var bytes: [UInt8] = []
    for frame in [painter.frame, nil] {
      try encoder.encode(frame) { packet throws(MediaError) in
        bytes += UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))
      }
    }
    return bytes
  }
}
