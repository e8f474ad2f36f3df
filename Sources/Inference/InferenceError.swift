public import AVUModel
public import Media

/// Why a clip has no prediction.
public enum InferenceError: Error, Sendable {
  /// The model cannot be used.
  case model(ModelError)

  /// The video cannot be read.
  case media(MediaError)

  /// The file has no picture.
  case noPicture

  /// The file claims to be longer than any recording; seconds.
  case tooLong(Double)

  /// Something failed that no kind of error stands for.
  case unexpected(String)
}

extension InferenceError {
  /// Whether trying again is useless: the file itself is at fault.
  public var isPermanent: Bool {
    switch self {
    case .media(let error): error.isPermanent
    case .noPicture, .tooLong: true
    case .model, .unexpected: false
    }
  }
}

extension InferenceError: CustomStringConvertible {
  /// One sentence that says what to do.
  public var description: String {
    switch self {
    case .model(let error): error.description
    case .media(let error): error.description
    case .noPicture:
      "The file has sound but no picture; avu shows what sounds in a picture, so give it a video."
    case .tooLong(let seconds):
      "The file claims to last \(Int(min(seconds, 1e15) / 3600)) hours; at most 100 are analysed, so "
        + "cut it into parts."
    case .unexpected(let reason): "The clip could not be analysed: \(reason)."
    }
  }
}
