import CLibAV

extension MediaInfo {
  /// Describes an open file; a clip whose header does not tell its length is read to its end.
  init(of file: MediaFile) throws(MediaError) {
    container = try Self.isWebM(file) ? "webm" : file.container
    video = try file.video.map { stream throws(MediaError) in
      try VideoStream(stream, of: file)
    }
    audio = file.audio.map(AudioStream.init)
    if video == nil && audio == nil { throw .noStreams(path: file.path) }
    (duration, missing) = try Self.length(of: file)
  }

  /// Whether a Matroska file says in its first bytes that it is WebM, the part browsers play.
  private static func isWebM(_ file: MediaFile) throws(MediaError) -> Bool {
    guard file.container.hasPrefix("matroska,") else { return false }
    let start = try RegularFile(path: file.path).start(64, path: file.path)
    return String(decoding: start, as: UTF8.self).contains("webm")
  }

  /// A header that claims more seconds than a day has is not believed unread.
  private static let longest: Int64 = 86_400

  /// How long the clip is, and what is missing of what its header tells.
  private static func length(of file: MediaFile) throws(MediaError) -> (Double, missing: Double) {
    let context = file.context.pointee
    let isKnown =
      context.duration != kAVNoPTS && context.duration > 0
      && context.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE
      && context.duration < longest * kAVTimeBase
    guard isKnown else { return (try lastMoment(of: try MediaFile(path: file.path)), 0) }
    let told = Double(context.duration) / Double(kAVTimeBase)
    var end = cutMoment(of: file)
    if end == nil, try isShort(file) { end = try lastMoment(of: try MediaFile(path: file.path)) }
    guard let end, end < told else { return (told, 0) }
    return (end, told - end)
  }

  /// Whether a file is smaller than its container says.
  private static func isShort(_ file: MediaFile) throws(MediaError) -> Bool {
    let opened = try RegularFile(path: file.path)
    let start = try opened.start(ClaimedSize.needed, path: file.path)
    return ClaimedSize.bytes(startingWith: start).map { opened.size < $0 } ?? false
  }

  /// Where an MP4 file that is cut off ends: at the first frame that its index puts behind the end.
  private static func cutMoment(of file: MediaFile) -> Double? {
    guard file.container.hasPrefix("mov,") else { return nil }
    let size = avio_size(file.context.pointee.pb)
    guard size > 0 else { return nil }
    var ends: [Double] = []
    for stream in [file.video, file.audio].compactMap({ $0 }) {
      let count = avformat_index_get_entries_count(stream)
      guard let last = avformat_index_get_entry(stream, count - 1)?.pointee,
        Double(last.pos) + Double(last.size) > Double(size)
      else { return nil }
      for number in 0..<count {
        guard let entry = avformat_index_get_entry(stream, number)?.pointee else { break }
        if Double(entry.pos) + Double(entry.size) <= Double(size) { continue }
        ends.append(Double(entry.timestamp) * stream.unit - file.zero)
        break
      }
    }
    return ends.max().map { max(0, $0) }
  }

  /// When the last packet ends, on the clip's clock.
  private static func lastMoment(of file: MediaFile) throws(MediaError) -> Double {
    guard let packet = av_packet_alloc() else { throw .outOfMemory }
    defer {
      var freed: UnsafeMutablePointer<AVPacket>? = packet
      av_packet_free(&freed)
    }
    let streams = [file.video, file.audio].compactMap { $0 }
    var end = 0.0
    var untimed = 0.0
    while let stream = try file.read(packet, ofAny: streams) {
      let stamp = packet.pointee.pts == kAVNoPTS ? packet.pointee.dts : packet.pointee.pts
      if stamp != kAVNoPTS {
        end = max(
          end, (Double(stamp) + Double(max(0, packet.pointee.duration))) * stream.unit - file.zero)
      } else if stream == streams.first {
        untimed += 1
      }
      av_packet_unref(packet)
    }
    // Bare streams of pictures tell no times at all.
    let rate = streams.first.map { av_q2d($0.pointee.r_frame_rate) } ?? 0
    return rate > 0 && rate.isFinite ? max(end, untimed / rate) : end
  }
}

extension VideoStream {
  init(_ stream: UnsafeMutablePointer<AVStream>, of file: MediaFile) throws(MediaError) {
    codec = Decoder.name(of: stream)
    let parameters = stream.pointee.codecpar.pointee
    guard avcodec_find_decoder(parameters.codec_id) != nil else {
      throw .unsupportedCodec(path: file.path, codec: codec)
    }
    guard parameters.width > 0, parameters.height > 0 else {
      throw .damaged(path: file.path, reason: "the size of its picture is missing")
    }
    let size = PictureSize(of: stream, in: file)
    width = size.width
    height = size.height
    let format = AVPixelFormat(rawValue: parameters.format)
    pixelFormat = av_get_pix_fmt_name(format).map { String(cString: $0) } ?? ""
    let rates = [stream.pointee.avg_frame_rate, stream.pointee.r_frame_rate].map(av_q2d)
    averageFrameRate = rates.first { $0.isFinite && $0 > 0 } ?? 25
    start = max(0, (stream.startSeconds ?? file.zero) - file.zero)
  }
}

extension AudioStream {
  init(_ stream: UnsafeMutablePointer<AVStream>) {
    let parameters = stream.pointee.codecpar.pointee
    codec = Decoder.name(of: stream)
    sampleRate = Int(parameters.sample_rate)
    channels = Int(parameters.ch_layout.nb_channels)
  }
}
