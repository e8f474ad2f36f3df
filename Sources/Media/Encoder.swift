import CLibAV

/// An encoder of pictures or sound: frames in, packets out.
final class Encoder {
  let context: UnsafeMutablePointer<AVCodecContext>

  private let codec: UnsafePointer<AVCodec>
  private let packet: UnsafeMutablePointer<AVPacket>
  private let format: String

  /// - Parameters:
  ///   - name: libavcodec's name of the encoder.
  ///   - format: What it makes, for errors.
  /// - Throws: ``MediaError``.
  init(name: String, format: String) throws(MediaError) {
    guard let codec = avcodec_find_encoder_by_name(name) else {
      throw .cannotEncode(format: format, reason: "this machine's libavcodec lacks \(name)")
    }
    var context = avcodec_alloc_context3(codec)
    var packet = av_packet_alloc()
    guard let allocated = context, let packet = packet else {
      avcodec_free_context(&context)
      av_packet_free(&packet)
      throw .outOfMemory
    }
    self.codec = codec
    self.context = allocated
    self.packet = packet
    self.format = format
  }

  deinit {
    var closing: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&closing)
    var freed: UnsafeMutablePointer<AVPacket>? = packet
    av_packet_free(&freed)
  }

  /// Opens the encoder, after its context was filled in.
  func open(_ settings: KeyValuePairs<String, String> = [:]) throws(MediaError) {
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    for (name, value) in settings { av_dict_set(&options, name, value, 0) }
    try check(avcodec_open2(context, codec, &options))
  }

  /// Encodes a frame, or ends the stream.
  ///
  /// - Parameters:
  ///   - frame: The frame; nil at the end.
  ///   - body: Called with each packet that is ready.
  /// - Throws: ``MediaError``.
  func encode(
    _ frame: UnsafeMutablePointer<AVFrame>?,
    _ body: (UnsafeMutablePointer<AVPacket>) throws(MediaError) -> Void
  ) throws(MediaError) {
    try check(avcodec_send_frame(context, frame))
    while true {
      let result = avcodec_receive_packet(context, packet)
      if result == kAVErrorEAGAIN || result == kAVErrorEOF { return }
      try check(result)
      defer { av_packet_unref(packet) }
      try body(packet)
    }
  }

  private func check(_ result: Int32) throws(MediaError) {
    if result == kAVErrorENOMEM { throw .outOfMemory }
    if result < 0 { throw .cannotEncode(format: format, reason: libraryReason(result)) }
  }
}
