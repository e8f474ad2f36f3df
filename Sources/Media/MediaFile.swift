import CLibAV
import Foundation

/// An open media file: which streams it has, and their packets one after the other.
///
/// Nothing but the file itself is ever opened: playlists are refused, other protocols than `file`
/// and references inside MP4 files are off.
final class MediaFile {
  let path: String
  let context: UnsafeMutablePointer<AVFormatContext>

  /// The best real picture; cover art is none.
  let video: UnsafeMutablePointer<AVStream>?

  /// The best sound that can be decoded.
  let audio: UnsafeMutablePointer<AVStream>?

  /// The file's time, in seconds, that is the clip's time 0: where its first picture or sound is.
  let zero: Double

  init(path: String) throws(MediaError) {
    try Self.checkIsFile(path)
    _ = Self.setUp
    let context = try Self.open(path)
    do throws(MediaError) {
      try Self.describeStreams(context, path: path)
    } catch {
      var closing: UnsafeMutablePointer<AVFormatContext>? = context
      avformat_close_input(&closing)
      throw error
    }
    self.path = path
    self.context = context
    video = Self.bestVideo(context)
    let sound = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, -1, nil, 0)
    audio = sound < 0 ? nil : context.stream(Int(sound))
    // Sound before 0 is what decoders throw away, such as Opus' first 6.5 ms.
    let starts = [video?.startSeconds, audio?.startSeconds.map { max(0, $0) }]
    zero = starts.compactMap { $0 }.min() ?? 0
  }

  deinit {
    var closing: UnsafeMutablePointer<AVFormatContext>? = context
    avformat_close_input(&closing)
  }

  /// Leaves the packets of all streams but one out.
  func keepOnly(_ stream: UnsafeMutablePointer<AVStream>) {
    for other in context.allStreams where other != stream {
      other.pointee.discard = AVDISCARD_ALL
    }
  }

  /// Reads the next packet of a stream.
  ///
  /// - Returns: False at the end of the file, or where its damaged part begins.
  /// - Throws: ``MediaError/cannotRead(path:reason:)`` when the disk fails.
  func read(
    _ packet: UnsafeMutablePointer<AVPacket>, of stream: UnsafeMutablePointer<AVStream>
  ) throws(MediaError) -> Bool {
    try read(packet, ofAny: [stream]) != nil
  }

  /// Reads the next packet of some streams.
  ///
  /// - Returns: The packet's stream; nil at the end of the file, or where its damaged part begins.
  /// - Throws: ``MediaError/cannotRead(path:reason:)`` when the disk fails.
  func read(
    _ packet: UnsafeMutablePointer<AVPacket>, ofAny streams: [UnsafeMutablePointer<AVStream>]
  ) throws(MediaError) -> UnsafeMutablePointer<AVStream>? {
    while true {
      let result = av_read_frame(context, packet)
      if result < 0 {
        try checkDisk(result)
        return nil
      }
      let index = packet.pointee.stream_index
      if let stream = streams.first(where: { $0.pointee.index == index }) { return stream }
      av_packet_unref(packet)
    }
  }

  private func checkDisk(_ result: Int32) throws(MediaError) {
    if result == kAVErrorENOMEM { throw .outOfMemory }
    let failure = context.pointee.pb?.pointee.error ?? 0
    guard failure < 0, failure != kAVErrorEOF, failure != kAVErrorInvalidData else { return }
    throw .cannotRead(path: path, reason: libraryReason(failure))
  }

  /// Goes to a key frame at or before a time of a stream, in its own unit.
  func seek(to time: Int64, of stream: UnsafeMutablePointer<AVStream>) -> Bool {
    av_seek_frame(context, stream.pointee.index, time, AVSEEK_FLAG_BACKWARD) >= 0
  }

  /// Whether times after a seek are the same as when reading from the beginning.
  var seeksExactly: Bool {
    let name = container
    return name.hasPrefix("mov,") || name.hasPrefix("matroska,")
  }

  /// libavformat's list of the container's short names.
  var container: String {
    context.pointee.iformat.map { String(cString: $0.pointee.name) } ?? ""
  }
}

// MARK: - Opening

extension MediaFile {
  static let setUp: Void = {
    av_log_set_level(AV_LOG_QUIET)
    av_max_alloc(MediaLimits.block)
  }()

  private static func checkIsFile(_ path: String) throws(MediaError) {
    let file = try RegularFile(path: path)
    if file.size == 0 { throw .notMedia(path: path) }
  }

  private static func open(
    _ path: String
  ) throws(MediaError) -> UnsafeMutablePointer<AVFormatContext> {
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    let settings: KeyValuePairs = [
      "protocol_whitelist": "file", "format_whitelist": MediaLimits.containers,
      "probesize": "\(MediaLimits.probeBytes)", "max_streams": "\(MediaLimits.streams)",
      "enable_drefs": "0", "use_absolute_path": "0",
    ]
    for (name, value) in settings { av_dict_set(&options, name, value, 0) }
    var context: UnsafeMutablePointer<AVFormatContext>?
    let result = avformat_open_input(&context, "file:" + path, nil, &options)
    if result >= 0, let context { return context }
    switch result {
    case kAVErrorEINVAL: throw .unsupportedContainer(path: path)
    case kAVErrorENOMEM: throw .outOfMemory
    case -EIO, -EACCES, -ENOENT, -EMFILE, -ENFILE:
      throw .cannotRead(path: path, reason: libraryReason(result))
    default: throw .notMedia(path: path)
    }
  }

  private static func describeStreams(
    _ context: UnsafeMutablePointer<AVFormatContext>, path: String
  ) throws(MediaError) {
    try checkSizes(context, path: path)
    let count = Int(context.pointee.nb_streams)
    var options = [OpaquePointer?](repeating: nil, count: max(1, count))
    for index in options.indices {
      av_dict_set(&options[index], "max_pixels", "\(MediaLimits.pixels)", 0)
      av_dict_set(&options[index], "threads", "1", 0)
    }
    let result = avformat_find_stream_info(context, &options)
    for index in options.indices { av_dict_free(&options[index]) }
    if result == kAVErrorENOMEM { throw .outOfMemory }
    try checkSizes(context, path: path)
    guard result >= 0 else { throw .damaged(path: path, reason: libraryReason(result)) }
    let hasContent = context.allStreams.contains {
      [AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO].contains($0.pointee.codecpar.pointee.codec_type)
    }
    if !hasContent { throw .noStreams(path: path) }
  }

  private static func checkSizes(
    _ context: UnsafeMutablePointer<AVFormatContext>, path: String
  ) throws(MediaError) {
    for stream in context.allStreams where stream.isPicture {
      let width = Int(stream.pointee.codecpar.pointee.width)
      let height = Int(stream.pointee.codecpar.pointee.height)
      guard width > 0, height > 0 else { continue }
      if !MediaLimits.allow(width: width, height: height) {
        throw .frameTooLarge(path: path, width: width, height: height)
      }
    }
  }

  /// The stream that is meant to be shown, or the one with the most pixels.
  private static func bestVideo(
    _ context: UnsafeMutablePointer<AVFormatContext>
  ) -> UnsafeMutablePointer<AVStream>? {
    func rank(_ stream: UnsafeMutablePointer<AVStream>) -> Int {
      let parameters = stream.pointee.codecpar.pointee
      let isDefault = stream.pointee.disposition & AV_DISPOSITION_DEFAULT != 0
      return Int(parameters.width) * Int(parameters.height) + (isDefault ? 1 << 40 : 0)
    }
    let candidates = context.allStreams.filter(\.isPicture)
    guard var best = candidates.first else { return nil }
    for stream in candidates where rank(stream) > rank(best) { best = stream }
    return best
  }
}

// MARK: - C objects

extension UnsafeMutablePointer<AVFormatContext> {
  func stream(_ index: Int) -> UnsafeMutablePointer<AVStream>? { pointee.streams?[index] }

  var allStreams: [UnsafeMutablePointer<AVStream>] {
    (0..<Int(pointee.nb_streams)).compactMap(stream)
  }
}

extension UnsafeMutablePointer<AVStream> {
  /// Whether the stream is a video, not cover art.
  var isPicture: Bool {
    pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
      && pointee.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS) == 0
  }

  /// The length of the stream's unit of time, in seconds.
  var unit: Double { av_q2d(pointee.time_base) }

  /// When the stream begins on the file's clock, in seconds.
  var startSeconds: Double? {
    pointee.start_time == kAVNoPTS ? nil : Double(pointee.start_time) * unit
  }
}
