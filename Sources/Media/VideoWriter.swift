import CLibAV

/// An MP4 or WebM file in the making.
final class VideoWriter {
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let target: String
  private var isOpen = false

  /// - Parameters:
  ///   - path: The file that is written.
  ///   - target: What it is called in errors.
  ///   - format: What it holds.
  /// - Throws: ``MediaError``.
  init(path: String, target: String, format: WebVideo.Format) throws(MediaError) {
    var context: UnsafeMutablePointer<AVFormatContext>?
    guard avformat_alloc_output_context2(&context, nil, format.ending, "file:" + path) >= 0,
      let context
    else {
      throw .cannotEncode(
        format: format == .h264 ? "MP4" : "WebM", reason: "this machine's libavformat lacks it")
    }
    // The same video gives the same bytes: no random ids, no version of the library.
    context.pointee.flags |= AVFMT_FLAG_BITEXACT
    self.context = context
    self.target = target
    try check(avio_open(&context.pointee.pb, "file:" + path, AVIO_FLAG_WRITE))
  }

  deinit {
    avio_closep(&context.pointee.pb)
    avformat_free_context(context)
  }

  /// Whether encoders have to put their headers aside, as both containers want it.
  static let encoderFlags = AV_CODEC_FLAG_GLOBAL_HEADER

  /// Adds a stream.
  ///
  /// - Parameter encoder: What makes its packets; opened.
  /// - Returns: The stream's number.
  /// - Throws: ``MediaError``.
  func addStream(of encoder: Encoder) throws(MediaError) -> Int32 {
    guard let stream = avformat_new_stream(context, nil) else { throw .outOfMemory }
    stream.pointee.time_base = encoder.context.pointee.time_base
    stream.pointee.avg_frame_rate = encoder.context.pointee.framerate
    try check(avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context))
    return stream.pointee.index
  }

  /// Writes the header, after all streams were added.
  func begin() throws(MediaError) {
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    av_dict_set(&options, "movflags", "+faststart", 0)
    try check(avformat_write_header(context, &options))
  }

  /// Writes a packet.
  func write(
    _ packet: UnsafeMutablePointer<AVPacket>, of encoder: Encoder, stream index: Int32
  ) throws(MediaError) {
    guard let stream = context.stream(Int(index)) else { return }
    packet.pointee.stream_index = index
    av_packet_rescale_ts(packet, encoder.context.pointee.time_base, stream.pointee.time_base)
    try check(av_interleaved_write_frame(context, packet))
    try checkDisk()
  }

  /// Writes what players need to know, and closes the file.
  func finish() throws(MediaError) {
    try check(av_write_trailer(context))
    try checkDisk()
    try check(avio_closep(&context.pointee.pb))
  }

  private func checkDisk() throws(MediaError) {
    try check(context.pointee.pb?.pointee.error ?? 0)
  }

  private func check(_ result: Int32) throws(MediaError) {
    if result == kAVErrorENOMEM { throw .outOfMemory }
    if result < 0 { throw .cannotWrite(path: target, reason: libraryReason(result)) }
  }
}
