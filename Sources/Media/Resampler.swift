import CLibAV

/// Turns decoded sound of one kind into interleaved floats of another rate and channel count.
final class Resampler {
  private var context: OpaquePointer?
  private let rate: Int
  private let channels: Int

  // What the frames are like that the context was made for.
  private let inputRate: Int32
  private let inputFormat: Int32
  private let inputChannels: Int32

  /// - Parameters:
  ///   - frame: What all frames are like.
  ///   - rate: Wanted samples in a second.
  ///   - channels: Wanted channels, 1 or 2; several are mixed so that nothing can be above 1.
  init?(for frame: UnsafeMutablePointer<AVFrame>, rate: Int, channels: Int) {
    let source = frame.pointee
    guard (1_000...768_000).contains(source.sample_rate), source.ch_layout.nb_channels > 0 else {
      return nil
    }
    self.rate = rate
    self.channels = channels
    inputRate = source.sample_rate
    inputFormat = source.format
    inputChannels = source.ch_layout.nb_channels
    if frame.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
      av_channel_layout_default(&frame.pointee.ch_layout, inputChannels)
    }
    var layout = AVChannelLayout()
    av_channel_layout_default(&layout, Int32(channels))
    defer { av_channel_layout_uninit(&layout) }
    var result = swr_alloc_set_opts2(
      &context, &layout, AV_SAMPLE_FMT_FLT, Int32(rate), &frame.pointee.ch_layout,
      AVSampleFormat(rawValue: inputFormat), inputRate, 0, nil)
    if result >= 0, let context {
      av_opt_set_double(UnsafeMutableRawPointer(context), "rematrix_maxval", 1, 0)
      result = swr_init(context)
    }
    if result < 0 {
      swr_free(&context)
      return nil
    }
  }

  deinit { swr_free(&context) }

  /// Whether a frame is of the kind that this was made for.
  func fits(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    let source = frame.pointee
    return source.sample_rate == inputRate && source.format == inputFormat
      && source.ch_layout.nb_channels == inputChannels
  }

  /// How many samples of each channel, at the wanted rate, went in but did not come out yet.
  var delay: Int { Int(swr_get_delay(context, Int64(rate))) }

  /// Converts a frame, or what is left inside.
  ///
  /// - Parameter frame: The next frame; nil at the end.
  /// - Returns: Interleaved samples in [-1, 1].
  func convert(_ frame: UnsafeMutablePointer<AVFrame>?) -> [Float] {
    let capacity = swr_get_out_samples(context, frame?.pointee.nb_samples ?? 0) + 32
    guard capacity > 0 else { return [] }
    let samples = [Float](unsafeUninitializedCapacity: Int(capacity) * channels) { buffer, count in
      let made = clibav_resample(context, buffer.baseAddress, capacity, frame)
      count = Int(max(0, made)) * channels
    }
    return samples.map { $0.isFinite ? min(max($0, -1), 1) : 0 }
  }
}
