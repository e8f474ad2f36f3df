import CLibAV

/// Encodes a sound track as AAC or Opus, from the clip's time 0.
final class SoundEncoder {
  /// Samples in a second.
  static let rate = 48_000

  let encoder: Encoder

  private let frame: UnsafeMutablePointer<AVFrame>
  private let length: Int
  /// Whether each channel has memory of its own.
  private let isPlanar: Bool
  private var position = 0
  private var isFinished = false

  init(for format: WebVideo.Format) throws(MediaError) {
    switch format {
    case .h264:
      encoder = try Encoder(name: "aac", format: "AAC")
      isPlanar = true
    case .vp9:
      encoder = try Encoder(name: "libopus", format: "Opus")
      isPlanar = false
    }
    let sampleFormat = isPlanar ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_FLT
    let context = encoder.context
    context.pointee.sample_rate = Int32(Self.rate)
    context.pointee.sample_fmt = sampleFormat
    context.pointee.time_base = AVRational(num: 1, den: Int32(Self.rate))
    context.pointee.bit_rate = 128_000
    context.pointee.flags |= VideoWriter.encoderFlags
    av_channel_layout_default(&context.pointee.ch_layout, 2)
    try encoder.open()
    length = Int(context.pointee.frame_size)
    guard let frame = av_frame_alloc() else { throw .outOfMemory }
    self.frame = frame
    frame.pointee.format = sampleFormat.rawValue
    frame.pointee.nb_samples = context.pointee.frame_size
    frame.pointee.sample_rate = Int32(Self.rate)
    guard av_channel_layout_copy(&frame.pointee.ch_layout, &context.pointee.ch_layout) >= 0,
      av_frame_get_buffer(frame, 0) >= 0
    else { throw .outOfMemory }
  }

  deinit {
    var freed: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&freed)
  }

  /// Encodes what is due.
  ///
  /// - Parameters:
  ///   - track: Two channels at ``rate``.
  ///   - time: Until when, in seconds; infinite to encode the rest and end the stream.
  ///   - body: Called with each packet.
  /// - Throws: ``MediaError``.
  func encode(
    _ track: SoundTrack, until time: Double,
    _ body: (UnsafeMutablePointer<AVPacket>) throws(MediaError) -> Void
  ) throws(MediaError) {
    while !isFinished, Double(position) / Double(Self.rate) < time {
      let samples = try track.samples(position..<position + length)
      if track.isAtEnd, position >= track.end {
        isFinished = true
        try encoder.encode(nil, body)
        return
      }
      guard av_frame_make_writable(frame) >= 0 else { throw .outOfMemory }
      fill(samples)
      frame.pointee.pts = Int64(position)
      position += length
      try encoder.encode(frame, body)
    }
  }

  private func fill(_ samples: [Float]) {
    guard isPlanar else {
      guard let plane = frame.pointee.extended_data?[0] else { return }
      plane.withMemoryRebound(to: Float.self, capacity: 2 * length) { values in
        for index in 0..<(2 * length) { values[index] = samples[index] }
      }
      return
    }
    for channel in 0..<2 {
      guard let plane = frame.pointee.extended_data?[channel] else { continue }
      plane.withMemoryRebound(to: Float.self, capacity: length) { values in
        for index in 0..<length { values[index] = samples[index * 2 + channel] }
      }
    }
  }
}
