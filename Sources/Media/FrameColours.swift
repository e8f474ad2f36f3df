import CLibAV

/// How a frame's numbers stand for colours.
struct FrameColours {
  /// swscale's number of the matrix; BT.601 where the file does not say, as ffmpeg assumes.
  let space: Int32

  /// 1 when black is 0 and white 255, 0 when they are 16 and 235.
  let isFull: Int32

  init(of frame: AVFrame) {
    let isUnknown =
      frame.colorspace == AVCOL_SPC_UNSPECIFIED || frame.colorspace == AVCOL_SPC_RGB
    space = isUnknown ? SWS_CS_DEFAULT : Int32(bitPattern: frame.colorspace.rawValue)
    let format = AVPixelFormat(rawValue: frame.format)
    isFull = frame.color_range == AVCOL_RANGE_JPEG || Self.fullFormats.contains(format) ? 1 : 0
  }

  private static let fullFormats = [
    AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P,
    AV_PIX_FMT_YUVJ411P,
  ]
}
