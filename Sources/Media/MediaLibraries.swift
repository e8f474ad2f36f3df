import CLibAV

/// The libraries by which media are read, as this process has them.
public enum MediaLibraries {
  /// Names and versions, for example `libavformat 59.27.100, libavcodec 59.37.100`.
  public static let versions = [
    ("libavformat", avformat_version()), ("libavcodec", avcodec_version()),
    ("libswscale", swscale_version()), ("libswresample", swresample_version()),
  ].map { name, version in
    "\(name) \(version >> 16).\(version >> 8 & 0xFF).\(version & 0xFF)"
  }.joined(separator: ", ")
}
