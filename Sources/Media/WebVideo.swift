/// Videos as browsers play them.
public enum WebVideo {
  /// What videos are converted to.
  public enum Format: String, Hashable, Sendable, CaseIterable {
    /// H.264 and AAC in MP4, which everything plays.
    case h264

    /// VP9 and Opus in WebM: smaller, and free of patents.
    case vp9

    /// The ending of the file's name.
    public var ending: String { self == .h264 ? "mp4" : "webm" }
  }

  /// Whether every common browser plays a file as it is.
  ///
  /// That is: H.264 with 8-bit 4:2:0 pictures, silent or with AAC or MP3, in MP4; VP8, VP9 or AV1,
  /// silent or with Opus or Vorbis, in WebM; AV1 also in MP4.
  ///
  /// - Parameter info: What the file holds.
  /// - Returns: Whether it needs no conversion.
  public static func isPlayable(_ info: MediaInfo) -> Bool {
    guard let video = info.video, ["yuv420p", "yuvj420p"].contains(video.pixelFormat) else {
      return false
    }
    let sound = info.audio?.codec
    if info.container.hasPrefix("mov,") {
      return ["h264", "av1"].contains(video.codec)
        && [nil, "aac", "mp3", "opus"].contains(sound)
    }
    return info.container == "webm" && ["vp8", "vp9", "av1"].contains(video.codec)
      && [nil, "opus", "vorbis"].contains(sound)
  }

  /// Converts a video to a file that can be shown while it loads.
  ///
  /// All frames are kept at their times, upright and with square pixels; an odd last column or row
  /// is cut. The target is replaced only when the new file is complete.
  ///
  /// - Parameters:
  ///   - source: The video.
  ///   - target: The file to make.
  ///   - format: What it becomes.
  ///   - draw: Paints into each frame, given its time in seconds on the clip's clock.
  /// - Throws: ``MediaError``.
  public static func transcode(
    from source: String, to target: String, as format: Format = .h264,
    draw: ((_ time: Double, _ image: inout RGBImage) -> Void)? = nil
  ) throws {
    let unfinished = try UnfinishedFile(target: target)
    let transcoder = try Transcoder(
      from: source, to: unfinished.path, target: target, as: format)
    try transcoder.run(draw: draw)
    try unfinished.finish()
  }
}
