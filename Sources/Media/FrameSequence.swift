import CLibAV

/// The frames of a video in the order in which they are shown, with the time of each.
final class FrameSequence {
  /// The file.
  let file: MediaFile

  /// The stream of the file's picture.
  let stream: UnsafeMutablePointer<AVStream>

  private let decoder: Decoder
  private var last: Double?
  private var shift: Double?
  private var earliest: Int64?

  /// Whether the index of a Matroska file was asked for.
  private var hasLookedForIndex = false

  init(path: String, threads: Int) throws(MediaError) {
    file = try MediaFile(path: path)
    guard let stream = file.video else { throw .noVideo(path: path) }
    self.stream = stream
    decoder = try Decoder(stream, of: file, threads: threads)
  }

  /// Decodes the next frame.
  ///
  /// - Parameter frame: What is filled.
  /// - Returns: When it is shown, in seconds on the clip's clock; nil after the last frame.
  /// - Throws: ``MediaError``.
  func next(into frame: UnsafeMutablePointer<AVFrame>) throws(MediaError) -> Double? {
    while try decoder.next(into: frame) {
      let stamp = frame.pointee.best_effort_timestamp
      if let earliest, stamp == kAVNoPTS || stamp < earliest { continue }
      earliest = nil
      var time = stamp == kAVNoPTS ? nil : shifted(Double(stamp) * stream.unit) - file.zero
      // Frames without a time, or with one that goes back, follow the one before.
      if let last, (time ?? last) <= last { time = last + usualStep }
      last = time ?? 0
      return last
    }
    return nil
  }

  /// Corrects the times of files, AVI above all, that say when frames are decoded but not when they
  /// are shown: with B-frames all are late by as much as the first one.
  private func shifted(_ time: Double) -> Double {
    if let shift { return time - shift }
    let late = decoder.isTimed ? 0 : time - (stream.startSeconds ?? time)
    shift = max(0, late)
    return time - max(0, late)
  }

  private var usualStep: Double {
    let rate = av_q2d(stream.pointee.avg_frame_rate)
    return rate > 0 && rate.isFinite ? 1 / rate : 0.04
  }

  /// Of the frames up to a time, on the clip's clock, only the last one is wanted from now on; the
  /// others may be left out.
  func want(lastUntil time: Double) {
    guard stream.unit > 0 else { return }
    guard var stamp = Int64(exactly: ((time + file.zero) / stream.unit).rounded(.down)) else {
      return
    }
    // The same sum as for the time of a frame, so that both agree to the last bit.
    if Double(stamp) * stream.unit - file.zero > time { stamp -= 1 }
    decoder.wanted = stamp
  }

  /// What a jump over frames that are not needed came to.
  enum Jump {
    /// The next frame is at or before the wanted time.
    case jumped
    /// It is better to decode on.
    case none
    /// The place in the file is lost; a new sequence has to begin.
    case lost
  }

  /// Goes nearer to a time that is ahead, when the file's index says that it saves decoding.
  ///
  /// - Parameters:
  ///   - time: The wanted time, on the clip's clock.
  ///   - reached: The time of the latest frame.
  /// - Returns: Whether it jumped.
  /// - Throws: ``MediaError``, when the disk fails.
  func jump(to time: Double, from reached: Double) throws(MediaError) -> Jump {
    guard file.seeksExactly, decoder.isTimed, stream.unit > 0 else { return .none }
    let exact = ((time + file.zero) / stream.unit).rounded(.down)
    guard let target = Int64(exactly: exact) else { return .none }
    guard isWorthwhile(target, seconds: time - reached) else { return .none }
    guard let key = try decoder.seek(to: target) else { return .lost }
    earliest = key
    last = nil
    return .jumped
  }

  private func isWorthwhile(_ target: Int64, seconds: Double) -> Bool {
    if let key = decoder.keyTime(before: target), key > decoder.position { return true }
    // Matroska's index is read by the first seek only.
    guard !hasLookedForIndex, seconds > 5, file.container.hasPrefix("matroska") else {
      return false
    }
    hasLookedForIndex = true
    return true
  }
}
