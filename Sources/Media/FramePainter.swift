import CLibAV

/// Turns colour pictures into frames for an encoder.
final class FramePainter {
  let frame: UnsafeMutablePointer<AVFrame>

  private var context: OpaquePointer?

  /// - Parameters:
  ///   - width: Pixels in a row of the frame.
  ///   - height: Rows of the frame.
  ///   - format: The frame's pixel format.
  /// - Throws: ``MediaError``.
  init(width: Int, height: Int, format: AVPixelFormat) throws(MediaError) {
    guard let frame = av_frame_alloc() else { throw .outOfMemory }
    self.frame = frame
    frame.pointee.width = Int32(width)
    frame.pointee.height = Int32(height)
    frame.pointee.format = format.rawValue
    guard av_frame_get_buffer(frame, 0) >= 0 else { throw .outOfMemory }
  }

  deinit {
    sws_freeContext(context)
    var freed: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&freed)
  }

  /// Fills the frame with a picture.
  ///
  /// - Parameter image: The picture; one that is a pixel wider or higher is cut there, any other
  ///   size is stretched.
  /// - Throws: ``MediaError``.
  func paint(_ image: RGBImage) throws(MediaError) {
    let height = try prepare(
      width: Int32(image.width), height: Int32(image.height), format: AV_PIX_FMT_RGB24)
    let target = frame.pointee
    let isFull: Int32 = target.format == AV_PIX_FMT_YUVJ420P.rawValue ? 1 : 0
    _ = clibav_set_colours(context, SWS_CS_DEFAULT, 1, SWS_CS_DEFAULT, isFull)
    let stride = (image.width * 3 + 63) / 64 * 64 + 64
    let padded = Self.padded(image, stride: stride)
    let rows = clibav_scale_into_frame(context, padded, Int32(stride), height, frame)
    try check(rows)
  }

  /// Fills the frame with another one, as ``paint(_:)`` does, without the way over RGB.
  func copy(_ source: UnsafeMutablePointer<AVFrame>) throws(MediaError) {
    let height = try prepare(
      width: source.pointee.width, height: source.pointee.height,
      format: AVPixelFormat(rawValue: source.pointee.format))
    let colours = FrameColours(of: source.pointee)
    _ = clibav_set_colours(context, colours.space, colours.isFull, SWS_CS_DEFAULT, 0)
    try check(clibav_scale_frame(context, source, height, frame))
  }

  /// Makes the conversion from pictures of a size.
  ///
  /// - Returns: How many rows of them are used.
  private func prepare(
    width: Int32, height: Int32, format: AVPixelFormat
  ) throws(MediaError) -> Int32 {
    guard av_frame_make_writable(frame) >= 0 else { throw .outOfMemory }
    let target = frame.pointee
    let usedWidth = width == target.width + 1 ? target.width : width
    let usedHeight = height == target.height + 1 ? target.height : height
    context = sws_getCachedContext(
      context, usedWidth, usedHeight, format, target.width, target.height,
      AVPixelFormat(rawValue: target.format), SWS_BICUBIC | SWS_ACCURATE_RND, nil, nil, nil)
    if context == nil { try check(-1) }
    return usedHeight
  }

  private func check(_ rows: Int32) throws(MediaError) {
    guard rows == frame.pointee.height else {
      throw .cannotEncode(format: "the picture", reason: "its pixel format cannot be converted")
    }
  }

  /// Rows with their last pixel repeated: swscale reads whole blocks, and for odd widths averages
  /// colours with the pixel after the last.
  private static func padded(_ image: RGBImage, stride: Int) -> [UInt8] {
    let length = image.width * 3
    return image.pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: stride * image.height) { rows, count in
        count = stride * image.height
        guard let start = rows.baseAddress, let pixels = source.baseAddress else { return }
        for row in 0..<image.height {
          let place = start + row * stride
          place.update(from: pixels + row * length, count: length)
          for byte in length..<stride { place[byte] = place[byte - 3] }
        }
      }
    }
  }
}
