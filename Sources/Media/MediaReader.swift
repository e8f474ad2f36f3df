import CLibAV

/// A video file, read picture by picture.
///
/// One thread at a time.
public final class MediaReader {
  /// What the file holds.
  public let info: MediaInfo

  private let path: String
  private let threads: Int

  /// Opens a file and looks at its beginning.
  ///
  /// Only the file itself is opened, never one that it names: playlists are refused.
  ///
  /// - Parameters:
  ///   - path: A regular file, `/proc/self/fd/N` included.
  ///   - threads: Threads for decoding, at most; small pictures take one.
  /// - Throws: ``MediaError``.
  public init(path: String, threads: Int = 1) throws(MediaError) {
    self.path = path
    self.threads = threads
    info = try MediaInfo(of: try MediaFile(path: path))
  }

  /// Gives the picture that is shown at each of some times.
  ///
  /// That is the last frame that begins at or before the time, to a microsecond; before the first
  /// frame the first, after the end the last one. Time 0 is where the clip's first picture or
  /// sound is. Frames are decoded in order; what lies between two times is skipped where the
  /// file's index allows, with the same result.
  ///
  /// - Parameters:
  ///   - times: Seconds from the clip's beginning, ascending.
  ///   - width: Pixels in a row of the picture, or nil for the video's own.
  ///   - height: Rows of the picture, or nil for the video's own.
  ///   - body: Called for each time with its place in `times` and the upright picture.
  /// - Throws: ``MediaError``, or what `body` throws.
  public func frames(
    at times: [Double], width: Int? = nil, height: Int? = nil,
    _ body: (_ index: Int, _ image: RGBImage) throws -> Void
  ) throws {
    guard let video = info.video else { throw MediaError.noVideo(path: path) }
    guard !times.isEmpty else { return }
    let cursor = try FrameCursor(path: path, threads: threads)
    let converter = PictureConverter(
      path: path, orientation: Orientation(of: cursor.stream), width: width ?? video.width,
      height: height ?? video.height)
    var shown: RGBImage?
    for (index, time) in times.enumerated() {
      precondition(index == 0 || times[index - 1] <= time, "times must ascend: \(time)")
      let (frame, isNew) = try cursor.move(to: time)
      let picture: RGBImage
      if !isNew, let shown { picture = shown } else { picture = try converter.picture(of: frame) }
      shown = picture
      try body(index, picture)
    }
  }
}
