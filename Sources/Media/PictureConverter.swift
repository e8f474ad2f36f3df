import CLibAV

/// Turns decoded frames into upright colour pictures of one size.
final class PictureConverter {
  private let path: String
  private let orientation: Orientation
  private let width: Int
  private let height: Int
  private var context: OpaquePointer?

  /// - Parameters:
  ///   - path: The file, for errors.
  ///   - orientation: What makes the frames upright.
  ///   - width: Pixels in a row of the upright picture.
  ///   - height: Rows of the upright picture.
  init(path: String, orientation: Orientation, width: Int, height: Int) {
    self.path = path
    self.orientation = orientation
    self.width = width
    self.height = height
  }

  deinit { sws_freeContext(context) }

  /// Converts a frame; shrinks by averaging areas.
  ///
  /// - Parameter frame: Any frame of the video; its size may differ from that of others.
  /// - Returns: The picture.
  /// - Throws: ``MediaError``.
  func picture(of frame: UnsafeMutablePointer<AVFrame>) throws(MediaError) -> RGBImage {
    let wide = orientation.isTransposed ? height : width
    let high = orientation.isTransposed ? width : height
    try prepare(for: frame, width: wide, height: high)
    // swscale writes whole blocks: rows are padded.
    let stride = (wide * 3 + 63) / 64 * 64 + 64
    let rows = UnsafeMutablePointer<UInt8>.allocate(capacity: stride * high + 64)
    defer { rows.deallocate() }
    guard clibav_scale_from_frame(context, frame, rows, Int32(stride)) == high else {
      throw .damaged(path: path, reason: "a frame cannot be converted")
    }
    let pixels = [UInt8](unsafeUninitializedCapacity: wide * high * 3) { packed, count in
      count = wide * high * 3
      guard let start = packed.baseAddress else { return }
      for row in 0..<high {
        (start + row * wide * 3).update(from: rows + row * stride, count: wide * 3)
      }
    }
    return RGBImage(
      width: width, height: height,
      pixels: orientation.apply(pixels, width: wide, height: high))
  }

  private func prepare(
    for frame: UnsafeMutablePointer<AVFrame>, width: Int, height: Int
  ) throws(MediaError) {
    let source = frame.pointee
    guard MediaLimits.allow(width: Int(source.width), height: Int(source.height)) else {
      throw .frameTooLarge(path: path, width: Int(source.width), height: Int(source.height))
    }
    let format = AVPixelFormat(rawValue: source.format)
    let shrinks = width < Int(source.width) || height < Int(source.height)
    let flags =
      (shrinks ? SWS_AREA : SWS_BICUBIC) | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT
      | SWS_FULL_CHR_H_INP
    context = sws_getCachedContext(
      context, source.width, source.height, format, Int32(width), Int32(height),
      AV_PIX_FMT_RGB24, flags, nil, nil, nil)
    guard context != nil else {
      throw .damaged(path: path, reason: "its pixel format cannot be converted")
    }
    let colours = FrameColours(of: source)
    // Answers -1 where there is nothing to set, as for RGB.
    _ = clibav_set_colours(context, colours.space, colours.isFull, SWS_CS_DEFAULT, 1)
  }
}
