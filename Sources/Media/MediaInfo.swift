/// What a media file holds.
public struct MediaInfo: Hashable, Sendable {
  /// The container, as libavformat's list of short names, such as `mov,mp4,m4a,3gp,3g2,mj2`;
  /// `webm` for WebM, `matroska,webm` for any other Matroska file.
  public let container: String

  /// How long the clip is, in seconds from its first picture or sound.
  public let duration: Double

  /// Seconds at the end that the file's header tells of and a file that was cut off does not hold; else 0.
  public let missing: Double

  /// The picture, when there is one; cover art is none.
  public let video: VideoStream?

  /// The sound, when there is some that can be decoded.
  public let audio: AudioStream?
}

/// What a file's picture is like.
public struct VideoStream: Hashable, Sendable {
  /// libavcodec's name of the codec, such as `h264`.
  public let codec: String

  /// Pixels in a row as shown: upright, and stretched to square pixels.
  public let width: Int

  /// Rows as shown.
  public let height: Int

  /// Frames in a second, on the average.
  public let averageFrameRate: Double

  /// Seconds from the clip's beginning to the first frame: more than 0 where the sound begins first.
  public let start: Double

  /// libavutil's name of the pixel format, such as `yuv420p`.
  public let pixelFormat: String
}

/// What a file's sound is like.
public struct AudioStream: Hashable, Sendable {
  /// libavcodec's name of the codec, such as `aac`.
  public let codec: String

  /// Samples in a second.
  public let sampleRate: Int

  /// Channels.
  public let channels: Int
}
