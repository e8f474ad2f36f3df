import CLibAV

/// Converts a video to a web format, frame by frame.
final class Transcoder {
  private let frames: FrameSequence
  private let sound: SoundTrack
  private let converter: PictureConverter
  private let painter: FramePainter
  private let picture: Encoder
  private let voice: SoundEncoder?
  private let writer: VideoWriter
  private let pictureStream: Int32
  private let voiceStream: Int32?
  private let isUpright: Bool
  private var lastTime: Int64?

  /// Units of time in a second of the new video.
  private static let clock: Int32 = 90_000

  init(
    from source: String, to path: String, target: String, as format: WebVideo.Format
  ) throws(MediaError) {
    frames = try FrameSequence(path: source, threads: 2)
    sound = try SoundTrack(path: source, rate: SoundEncoder.rate, channels: 2)
    let size = PictureSize(of: frames.stream, in: frames.file)
    let orientation = Orientation(of: frames.stream)
    isUpright = orientation == Orientation()
    converter = PictureConverter(
      path: source, orientation: orientation, width: size.width,
      height: size.height)
    let width = max(2, size.width / 2 * 2)
    let height = max(2, size.height / 2 * 2)
    painter = try FramePainter(width: width, height: height, format: AV_PIX_FMT_YUV420P)
    picture = try Self.pictureEncoder(
      format, width: width, height: height, of: frames.stream)
    voice = sound.hasSound ? try SoundEncoder(for: format) : nil
    writer = try VideoWriter(path: path, target: target, format: format)
    pictureStream = try writer.addStream(of: picture)
    if let voice {
      voiceStream = try writer.addStream(of: voice.encoder)
    } else {
      voiceStream = nil
    }
    try writer.begin()
  }

  private static func pictureEncoder(
    _ format: WebVideo.Format, width: Int, height: Int, of stream: UnsafeMutablePointer<AVStream>
  ) throws(MediaError) -> Encoder {
    let encoder =
      switch format {
      case .h264: try Encoder(name: "libx264", format: "H.264")
      case .vp9: try Encoder(name: "libvpx-vp9", format: "VP9")
      }
    let context = encoder.context
    context.pointee.width = Int32(width)
    context.pointee.height = Int32(height)
    context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
    context.pointee.time_base = AVRational(num: 1, den: clock)
    context.pointee.framerate = stream.pointee.avg_frame_rate
    context.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
    context.pointee.colorspace = AVCOL_SPC_SMPTE170M
    context.pointee.color_range = AVCOL_RANGE_MPEG
    context.pointee.thread_count = 2
    context.pointee.flags |= VideoWriter.encoderFlags
    switch format {
    case .h264: try encoder.open(["preset": "veryfast", "crf": "23", "profile": "high"])
    case .vp9:
      // Constant quality needs a bit rate of 0. Key frames every second or so, to jump quickly.
      context.pointee.bit_rate = 0
      context.pointee.gop_size = 30
      try encoder.open(["deadline": "good", "cpu-used": "5", "row-mt": "1", "crf": "33"])
    }
    return encoder
  }

  /// Converts everything.
  ///
  /// - Parameter draw: Paints into each frame.
  /// - Throws: ``MediaError``.
  func run(
    draw: ((_ time: Double, _ image: inout RGBImage) -> Void)?
  ) throws(MediaError) {
    guard let frame = av_frame_alloc() else { throw .outOfMemory }
    defer {
      var freed: UnsafeMutablePointer<AVFrame>? = frame
      av_frame_free(&freed)
    }
    while let time = try frames.next(into: frame) {
      try paint(frame, at: time, draw)
      av_frame_unref(frame)
      try writePicture(at: time)
      try writeSound(until: time)
    }
    guard lastTime != nil else {
      throw .damaged(path: frames.file.path, reason: "no frame of it can be decoded")
    }
    try encode(nil)
    try writeSound(until: .infinity)
    try writer.finish()
  }

  private func paint(
    _ frame: UnsafeMutablePointer<AVFrame>, at time: Double,
    _ draw: ((_ time: Double, _ image: inout RGBImage) -> Void)?
  ) throws(MediaError) {
    let source = frame.pointee
    let isAllowed = MediaLimits.allow(width: Int(source.width), height: Int(source.height))
    if draw == nil, isUpright, isAllowed { return try painter.copy(frame) }
    var image = try converter.picture(of: frame)
    draw?(time, &image)
    try painter.paint(image)
  }

  private func writePicture(at time: Double) throws(MediaError) {
    let exact = Int64((min(max(0, time), 1e9) * Double(Self.clock)).rounded())
    // Two frames cannot have the same time in the new clock.
    let stamp = max(exact, (lastTime ?? -1) + 1)
    lastTime = stamp
    painter.frame.pointee.pts = stamp
    try encode(painter.frame)
  }

  private func encode(_ frame: UnsafeMutablePointer<AVFrame>?) throws(MediaError) {
    try picture.encode(frame) { packet throws(MediaError) in
      try writer.write(packet, of: picture, stream: pictureStream)
    }
  }

  private func writeSound(until time: Double) throws(MediaError) {
    guard let voice, let voiceStream else { return }
    try voice.encode(sound, until: time) { packet throws(MediaError) in
      try writer.write(packet, of: voice.encoder, stream: voiceStream)
    }
  }
}
