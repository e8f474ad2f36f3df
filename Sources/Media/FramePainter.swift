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

  /// Fills the frame.
  ///
  /// - Parameter image: The picture; one that is a pixel wider or higher is cut there, any other
  ///   size is stretched.
  /// - Throws: ``MediaError``.
  func paint(_ image: RGBImage) throws(MediaError) {
    guard av_frame_make_writable(frame) >= 0 else { throw .outOfMemory }
    let target = frame.pointee
    let width = image.width == Int(target.width) + 1 ? target.width : Int32(image.width)
    let height = image.height == Int(target.height) + 1 ? target.height : Int32(image.height)
    context = sws_getCachedContext(
      context, width, height, AV_PIX_FMT_RGB24, target.width, target.height,
      AVPixelFormat(rawValue: target.format), SWS_BICUBIC | SWS_ACCURATE_RND, nil, nil, nil)
    guard context != nil else { throw .outOfMemory }
    let isFull = target.format == AV_PIX_FMT_YUVJ420P.rawValue
    _ = clibav_set_colours(context, SWS_CS_DEFAULT, 1, SWS_CS_DEFAULT, isFull ? 1 : 0)
    let stride = (image.width * 3 + 63) / 64 * 64 + 64
    let padded = Self.padded(image, stride: stride)
    let rows = clibav_scale_into_frame(context, padded, Int32(stride), height, frame)
    guard rows == target.height else {
      throw .cannotEncode(format: "the picture", reason: "it cannot be converted")
    }
  }

  /// Rows with their last pixel repeated: swscale reads whole blocks, and for odd widths averages
  /// colours with the pixel after the last.
  private static func padded(_ image: RGBImage, stride: Int) -> [UInt8] {
    let length = image.width * 3
    return [UInt8](unsafeUninitializedCapacity: stride * image.height) { rows, count in
      count = stride * image.height
      for row in 0..<image.height {
        for byte in 0..<length { rows[row * stride + byte] = image.pixels[row * length + byte] }
        for byte in length..<stride { rows[row * stride + byte] = rows[row * stride + byte - 3] }
      }
    }
  }
}
