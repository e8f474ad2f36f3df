import AVUModel
import Media

/// Pictures that wait for the model, and the sound that goes with them.
struct FrameBatch {
  /// The pictures so far.
  var pictures: [RGBImage] = []

  private let sound: SoundReader

  /// - Parameter sound: The clip's sound track, at the model's sample rate.
  init(sound: SoundReader) { self.sound = sound }

  /// Hands the pictures over with their sound, and becomes empty.
  ///
  /// - Parameters:
  ///   - first: The place of the first picture among the moments.
  ///   - moments: The clip's moments.
  /// - Returns: The model's inputs.
  /// - Throws: `MediaError`.
  mutating func take(
    beginningAt first: Int, of moments: ClipMoments
  ) throws(MediaError) -> [FrameInput] {
    defer { pictures = [] }
    let seconds = pictures.indices.map { moments.second(at: first + $0) }
    guard let earliest = seconds.first, let latest = seconds.last else { return [] }
    let range =
      AVUFormer.soundRange(second: earliest)
      .lowerBound..<AVUFormer.soundRange(second: latest)
      .upperBound
    let window = SoundWindow(samples: try sound.samples(range), start: range.lowerBound)
    return zip(pictures, seconds).map { picture, second in
      FrameInput(picture: picture.pixels, second: second, sound: window)
    }
  }
}
