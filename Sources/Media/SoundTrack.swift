import CLibAV

/// A file's sound on the clip's clock, decoded as far as it is asked for.
///
/// Memory holds what was asked for last and a little more, however long the file is.
final class SoundTrack {
  /// Channels of the samples, interleaved.
  let channels: Int

  private let rate: Int
  private let decoder: Decoder?
  private let frame: UnsafeMutablePointer<AVFrame>
  private var resampler: Resampler?

  /// What is decoded, in order, without overlaps; between the pieces is silence.
  private var pieces: [Piece] = []

  /// Where the next decoded sample belongs.
  private var nextIndex: Int?

  /// Whether everything is decoded.
  private(set) var isAtEnd = false

  private struct Piece {
    let start: Int
    let samples: [Float]
  }

  /// Opens a file; its sound is silence when there is none, or none that can be decoded.
  ///
  /// - Throws: ``MediaError`` when the file cannot be opened or memory runs out.
  init(path: String, rate: Int, channels: Int) throws(MediaError) {
    self.rate = rate
    self.channels = channels
    let file = try MediaFile(path: path)
    decoder = try Self.decoder(of: file)
    isAtEnd = decoder == nil
    guard let frame = av_frame_alloc() else { throw .outOfMemory }
    self.frame = frame
  }

  deinit {
    var freed: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&freed)
  }

  private static func decoder(of file: MediaFile) throws(MediaError) -> Decoder? {
    guard let stream = file.audio else { return nil }
    do {
      return try Decoder(stream, of: file, threads: 1)
    } catch .outOfMemory {
      throw .outOfMemory
    } catch {
      return nil
    }
  }

  /// Whether there is sound.
  var hasSound: Bool { decoder != nil }

  /// Where the sound ends; known when ``isAtEnd``.
  var end: Int { nextIndex ?? 0 }

  /// Samples by index; silence where there are none.
  ///
  /// - Parameter range: Indices; what lies before is forgotten.
  /// - Returns: `range.count × channels` values.
  /// - Throws: ``MediaError``, when the disk fails or memory runs out.
  func samples(_ range: Range<Int>) throws(MediaError) -> [Float] {
    forget(before: range.lowerBound)
    while !isAtEnd, (nextIndex ?? Int.min) < range.upperBound {
      try decode()
      forget(before: range.lowerBound)
    }
    var samples = [Float](repeating: 0, count: range.count * channels)
    for piece in pieces {
      let common = range.clamped(to: piece.start..<piece.start + piece.samples.count / channels)
      guard !common.isEmpty else { continue }
      let from = (common.lowerBound - piece.start) * channels
      let to = (common.lowerBound - range.lowerBound) * channels
      let count = common.count * channels
      samples.replaceSubrange(to..<to + count, with: piece.samples[from..<from + count])
    }
    return samples
  }

  private func forget(before index: Int) {
    let gone = pieces.prefix { $0.start + $0.samples.count / channels <= index }.count
    if gone > 0 { pieces.removeFirst(gone) }
  }

  private func decode() throws(MediaError) {
    guard let decoder, try decoder.next(into: frame) else {
      flush()
      isAtEnd = true
      return
    }
    defer { av_frame_unref(frame) }
    place(frame, startingAt: startIndex(of: frame, from: decoder))
  }

  /// Where a frame belongs according to its timestamp; nil where the sound before it ends.
  ///
  /// Ogg's sound has no holes, but libavformat's times of it jump to and fro when a page holds
  /// unusually many packets: only the stream's own beginning is believed.
  private func startIndex(
    of frame: UnsafeMutablePointer<AVFrame>, from decoder: Decoder
  ) -> Int? {
    let isOgg = decoder.file.container == "ogg"
    if isOgg, nextIndex != nil || resampler != nil { return nil }
    let start = isOgg ? decoder.stream.startSeconds : nil
    let stamp = frame.pointee.best_effort_timestamp
    guard let seconds = start ?? (stamp == kAVNoPTS ? nil : Double(stamp) * decoder.stream.unit)
    else { return nil }
    let time = seconds - decoder.file.zero
    // A timestamp that is days away is an error.
    guard abs(time) < 1e6 else { return nil }
    return Int((time * Double(rate)).rounded())
  }

  /// Appends a frame where the sound goes on, or after a gap.
  ///
  /// Timestamps are coarse in many containers: what differs by less than 10 ms goes on. Sound
  /// whose time goes back is left out.
  private func place(_ frame: UnsafeMutablePointer<AVFrame>, startingAt start: Int?) {
    if resampler?.fits(frame) != true { flush() }
    if let start {
      let expected = nextIndex.map { $0 + (resampler?.delay ?? 0) } ?? start
      if abs(start - expected) > rate / 100 { flush() }
      let length = Int(frame.pointee.nb_samples) * rate / max(1, Int(frame.pointee.sample_rate))
      if start < expected - rate / 100, start + length <= expected { return }
      if resampler == nil { nextIndex = max(start, nextIndex ?? start) }
    }
    if resampler == nil { resampler = Resampler(for: frame, rate: rate, channels: channels) }
    append(resampler?.convert(frame) ?? [])
  }

  private func flush() {
    if let resampler { append(resampler.convert(nil)) }
    resampler = nil
  }

  private func append(_ samples: [Float]) {
    let start = nextIndex ?? 0
    if !samples.isEmpty { pieces.append(Piece(start: start, samples: samples)) }
    nextIndex = start + samples.count / channels
  }
}
