import CLibAV

/// A decoder of one stream of a file: packets in, frames out.
final class Decoder {
  let file: MediaFile
  let stream: UnsafeMutablePointer<AVStream>
  let context: UnsafeMutablePointer<AVCodecContext>

  private let packet: UnsafeMutablePointer<AVPacket>
  private var hasPacket = false
  private var isDraining = false

  /// The time of the last packet that was read, in the stream's unit.
  private(set) var position = Int64.min

  /// Whether every packet so far said when its frame is shown.
  private(set) var isTimed = true

  /// Of the frames up to this time, in the stream's unit, only the last one is wanted.
  ///
  /// What is shown before it, and no other frame refers to, is then not decoded.
  var wanted = Int64.min

  /// The latest packet up to ``wanted`` that was read.
  private var latestWanted = Int64.min

  private let canLeaveOut: Bool

  init(
    _ stream: UnsafeMutablePointer<AVStream>, of file: MediaFile, threads: Int
  ) throws(MediaError) {
    let parameters = stream.pointee.codecpar
    guard let codec = avcodec_find_decoder(stream.pointee.codecpar.pointee.codec_id) else {
      throw .unsupportedCodec(path: file.path, codec: Self.name(of: stream))
    }
    var context = avcodec_alloc_context3(codec)
    var packet = av_packet_alloc()
    guard let opened = context, let packet = packet else {
      avcodec_free_context(&context)
      av_packet_free(&packet)
      throw .outOfMemory
    }
    self.file = file
    self.stream = stream
    self.context = opened
    self.packet = packet
    // These say of each frame whether others refer to it, and come in their own order.
    canLeaveOut = [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC].contains(codec.pointee.id)
    var result = avcodec_parameters_to_context(opened, parameters)
    opened.pointee.thread_count = Int32(clamping: Self.threads(for: stream, atMost: threads))
    opened.pointee.pkt_timebase = stream.pointee.time_base
    opened.pointee.max_pixels = Int64(MediaLimits.pixels)
    if result >= 0 { result = avcodec_open2(opened, codec, nil) }
    guard result >= 0 else {
      throw .damaged(path: file.path, reason: libraryReason(result))
    }
    file.keepOnly(stream)
  }

  deinit {
    var closing: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&closing)
    var freed: UnsafeMutablePointer<AVPacket>? = packet
    av_packet_free(&freed)
  }

  /// Small pictures are decoded before several threads have begun: 480 × 360 takes a tenth longer
  /// with two, 1280 × 720 a quarter less.
  private static func threads(
    for stream: UnsafeMutablePointer<AVStream>, atMost threads: Int
  ) -> Int {
    let parameters = stream.pointee.codecpar.pointee
    return Int(parameters.width) * Int(parameters.height) < 400_000 ? 1 : max(1, threads)
  }

  /// libavcodec's name of a stream's codec.
  static func name(of stream: UnsafeMutablePointer<AVStream>) -> String {
    String(cString: avcodec_get_name(stream.pointee.codecpar.pointee.codec_id))
  }

  /// Decodes the next frame; packets that cannot be decoded are passed over.
  ///
  /// - Parameter frame: What is filled.
  /// - Returns: False after the last frame.
  /// - Throws: ``MediaError``, when the disk fails or memory runs out.
  func next(into frame: UnsafeMutablePointer<AVFrame>) throws(MediaError) -> Bool {
    while true {
      let result = avcodec_receive_frame(context, frame)
      if result == 0 { return true }
      if result == kAVErrorENOMEM { throw .outOfMemory }
      if result == kAVErrorEOF || isDraining { return false }
      try feed()
    }
  }

  private func feed() throws(MediaError) {
    guard try readPacket() else {
      isDraining = true
      avcodec_send_packet(context, nil)
      return
    }
    if canLeaveOut {
      context.pointee.skip_frame = isLeftOut() ? AVDISCARD_NONREF : AVDISCARD_DEFAULT
    }
    let result = avcodec_send_packet(context, packet)
    releasePacket()
    if result == kAVErrorENOMEM { throw .outOfMemory }
  }

  /// Whether a frame that was read before, and is shown, takes the place of the packet's frame.
  private func isLeftOut() -> Bool {
    guard isTimed else { return false }
    let (time, isHidden) = (packet.pointee.pts, packet.pointee.flags & AV_PKT_FLAG_DISCARD != 0)
    if time <= wanted, !isHidden { latestWanted = max(latestWanted, time) }
    return time < latestWanted
  }

  private func readPacket() throws(MediaError) -> Bool {
    if hasPacket { return true }
    guard try file.read(packet, of: stream) else { return false }
    hasPacket = true
    if packet.pointee.pts == kAVNoPTS { isTimed = false }
    let time = packet.pointee.dts == kAVNoPTS ? packet.pointee.pts : packet.pointee.dts
    if time != kAVNoPTS { position = time }
    return true
  }

  private func releasePacket() {
    av_packet_unref(packet)
    hasPacket = false
  }

  /// Goes to the last key frame that is shown at or before a time.
  ///
  /// Frames that are shown before that key frame but come after it in the file may lack what they
  /// refer to; the caller has to drop them.
  ///
  /// - Parameter time: The wanted time, in the stream's unit.
  /// - Returns: When the key frame is shown, or nil when no such place was found; then the
  ///   decoder cannot go on.
  /// - Throws: ``MediaError``, when the disk fails.
  func seek(to time: Int64) throws(MediaError) -> Int64? {
    var target = time
    for _ in 0..<8 {
      guard file.seek(to: target, of: stream) else { return nil }
      releasePacket()
      avcodec_flush_buffers(context)
      isDraining = false
      latestWanted = Int64.min
      guard try readPacket(), isTimed, packet.pointee.flags & AV_PKT_FLAG_KEY != 0 else {
        return nil
      }
      if packet.pointee.pts <= time { return packet.pointee.pts }
      guard position < target || target == time, position > Int64.min + 1 else { return nil }
      target = min(position, target) - 1
    }
    return nil
  }

  /// When the last key frame at or before a time is decoded, as far as the file's index tells.
  func keyTime(before time: Int64) -> Int64? {
    avformat_index_get_entry_from_timestamp(stream, time, AVSEEK_FLAG_BACKWARD)?.pointee.timestamp
  }
}
