/// Why a picture, a video or a sound track cannot be read or written.
public enum MediaError: Error, Hashable, Sendable {
  /// The file cannot be opened.
  case cannotOpen(path: String, reason: String)

  /// The file was opened, but the disk does not give its bytes.
  case cannotRead(path: String, reason: String)

  /// The server of a file on the web does not give it, or not whole.
  case cannotFetch(address: String, reason: String)

  /// The server of a file on the web does not answer, or says that it is out of order.
  case serverAway(address: String, reason: String)

  /// The file is empty, or no kind of media that is known.
  case notMedia(path: String)

  /// The file is a playlist, a picture, or another kind that is not read as a video.
  case unsupportedContainer(path: String)

  /// No program part can decode the video.
  case unsupportedCodec(path: String, codec: String)

  /// The file is cut off or damaged, so that nothing of it can be shown.
  case damaged(path: String, reason: String)

  /// The file has neither picture nor sound.
  case noStreams(path: String)

  /// The file has sound, but no picture.
  case noVideo(path: String)

  /// A frame or picture has more pixels than are allowed.
  case frameTooLarge(path: String, width: Int, height: Int)

  /// A file cannot be written.
  case cannotWrite(path: String, reason: String)

  /// A picture or a video cannot be encoded.
  case cannotEncode(format: String, reason: String)

  /// Memory ran out.
  case outOfMemory
}

extension MediaError {
  /// Whether trying again is useless: the file itself is at fault, not the machine.
  public var isPermanent: Bool {
    switch self {
    case .notMedia, .unsupportedContainer, .unsupportedCodec, .damaged, .noStreams, .noVideo,
      .frameTooLarge, .cannotEncode:
      true
    case .cannotOpen, .cannotRead, .cannotFetch, .serverAway, .cannotWrite, .outOfMemory: false
    }
  }
}

extension MediaError: CustomStringConvertible {
  /// One sentence that says what failed and what to do.
  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "“\(path)” cannot be opened: \(reason)."
    case .cannotRead(let path, let reason):
      "“\(path)” cannot be read (\(reason)); check the disk and try again."
    case .cannotFetch(let address, let reason), .serverAway(let address, let reason):
      "\(address) cannot be fetched (\(reason)); check the address, the network and the server."
    case .notMedia(let path):
      "“\(path)” is not a video or sound file that avu knows, or it is empty or cut off."
    case .unsupportedContainer(let path):
      "“\(path)” is a playlist, a picture or another kind of file that avu does not read as a "
        + "video; give the video file itself."
    case .unsupportedCodec(let path, let codec):
      "“\(path)” is coded as \(codec), which cannot be decoded here; convert it to H.264."
    case .damaged(let path, let reason):
      "“\(path)” is damaged or cut off (\(reason)); copy it again from its source."
    case .noStreams(let path): "“\(path)” has neither picture nor sound."
    case .noVideo(let path): "“\(path)” has no picture; give a video."
    case .frameTooLarge(let path, let width, let height):
      "“\(path)” claims pictures of \(width)×\(height) pixels; at most "
        + "\(MediaLimits.pixels / 1_000_000) million pixels are read, so make it smaller first."
    case .cannotWrite(let path, let reason): "“\(path)” cannot be written: \(reason)."
    case .cannotEncode(let format, let reason): "\(format) cannot be encoded: \(reason)."
    case .outOfMemory: "Memory ran out while reading media; try again with fewer workers."
    }
  }
}
