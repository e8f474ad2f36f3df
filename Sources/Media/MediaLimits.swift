/// What hostile files are held to.
enum MediaLimits {
  /// The most pixels of a frame or picture: a bit more than 8K UHD.
  static let pixels = 40_000_000

  /// The longest side of a frame or picture.
  static let side = 32_768

  /// The most bytes that are looked at to find out what a file is.
  static let probeBytes = 8_000_000

  /// The most streams of a file.
  static let streams = 64

  /// The most bytes of a single block of memory that libav may take.
  static let block = 512 << 20

  /// The containers that are read.
  ///
  /// Playlists and scripts (`hls`, `concat`, `dash`, …), which name other files, are not among
  /// them, nor are devices, text and single pictures.
  static let containers = [
    "aac", "ac3", "aiff", "amr", "apng", "asf", "au", "avi", "caf", "dv", "eac3", "f4v", "flac",
    "flv", "gif", "h263", "h264", "hevc", "ivf", "m4v", "matroska", "mov", "mp3", "mp4", "mpeg",
    "mpegts", "mpegvideo", "mxf", "nsv", "nut", "obu", "ogg", "rm", "swf", "w64", "wav", "webm",
    "wtv", "wv", "y4m", "yuv4mpegpipe",
  ].joined(separator: ",")

  /// Whether a frame or picture may be read.
  static func allow(width: Int, height: Int) -> Bool {
    width > 0 && height > 0 && width <= side && height <= side && width * height <= pixels
  }
}
