/// A stretch of a clip's sound track; outside of it is silence.
public struct SoundWindow: Sendable {
  /// Mono samples at the model's sample rate, usually within ±1.
  public let samples: [Float]

  /// The place of the first sample in the sound track; may be negative.
  public let start: Int

  /// Wraps samples.
  ///
  /// - Parameters:
  ///   - samples: Mono samples at the model's sample rate.
  ///   - start: The place of the first sample in the sound track.
  public init(samples: [Float], start: Int) {
    self.samples = samples
    self.start = start
  }

  /// No sound is louder, 60 dB over full scale; a larger value is damage.
  private static let loudest: Float = 1000

  /// `count` samples from a place in the sound track; damaged ones count as silence.
  func cut(from first: Int, count: Int) -> [Float] {
    var cut = [Float](repeating: 0, count: count)
    let wanted = (first - start..<first - start + count).clamped(to: samples.indices)
    let begin = wanted.lowerBound - (first - start)
    samples.withUnsafeBufferPointer { samples in
      cut.withUnsafeMutableBufferPointer { cut in
        for place in 0..<wanted.count {
          let sample = samples[wanted.lowerBound + place]
          cut[begin + place] = abs(sample) <= Self.loudest ? sample : 0
        }
      }
    }
    return cut
  }
}

/// What the model needs of one moment.
public struct FrameInput: Sendable {
  /// `imageHeight × imageWidth × 3` values, RGB, row-major.
  public let picture: [UInt8]

  /// Where the second around the moment begins, in seconds.
  public let second: Double

  /// The sound; at least the samples of ``AVUFormer/soundRange(second:)``, or what there is of them.
  public let sound: SoundWindow

  /// Puts the parts together.
  ///
  /// - Parameters:
  ///   - picture: `imageHeight × imageWidth × 3` values, RGB, row-major.
  ///   - second: Where the second around the moment begins, in seconds.
  ///   - sound: The sound around it.
  public init(picture: [UInt8], second: Double, sound: SoundWindow) {
    self.picture = picture
    self.second = second
    self.sound = sound
  }
}
