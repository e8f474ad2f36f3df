/// A file's sound as mono samples on the clip's clock.
///
/// Sample 0 is at the clip's time 0, where its first picture or sound is: the same as for
/// ``MediaReader``. Before a late beginning, in gaps, after the end, and in a file without sound
/// there is silence. Several channels are mixed in equal parts. One thread at a time.
public final class SoundReader {
  private let track: SoundTrack
  private var lowest = Int.min

  /// Opens a file's sound.
  ///
  /// - Parameters:
  ///   - path: A regular file, `/proc/self/fd/N` included.
  ///   - sampleRate: Wanted samples in a second, 1000 to 192 000.
  /// - Throws: ``MediaError``.
  public init(path: String, sampleRate: Int = 16000) throws(MediaError) {
    precondition((1_000...192_000).contains(sampleRate), "\(sampleRate) samples a second")
    track = try SoundTrack(path: path, rate: sampleRate, channels: 1)
  }

  /// Whether the file has sound that can be decoded.
  public var hasSound: Bool { track.hasSound }

  /// Gives samples by their index, `time × sampleRate`.
  ///
  /// Decoding goes forward only, and memory does not grow with the length of the file.
  ///
  /// - Parameter range: Indices, which may be negative or behind the end; the lower bound is not
  ///   below that of the call before.
  /// - Returns: `range.count` samples in [-1, 1].
  /// - Throws: ``MediaError``, when the disk fails or memory runs out; damaged parts are silence.
  public func samples(_ range: Range<Int>) throws(MediaError) -> [Float] {
    precondition(range.lowerBound >= lowest, "samples from \(range.lowerBound) after \(lowest)")
    lowest = range.lowerBound
    return try track.samples(range)
  }
}
