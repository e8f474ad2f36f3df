public import Foundation

/// Reads the JSON documents that describe clips, and checks what types alone do not say.
public enum AnnotationDocument {
  /// Reads an `annotation.json`.
  ///
  /// - Parameters:
  ///   - data: The file's content.
  ///   - file: What errors name.
  /// - Returns: Ground truth whose lists are parallel and whose times ascend.
  /// - Throws: ``AnnotationError``.
  public static func truth(from data: Data, file: String) throws(AnnotationError) -> ClipTruth {
    let truth = try decode(ClipTruth.self, from: data, file: file)
    try truth.validate(file: file)
    try checkAscending(truth.frameTimes, what: "frame_times", file: file)
    return truth
  }

  /// Reads a `prediction.json`.
  ///
  /// - Parameters:
  ///   - data: The file's content.
  ///   - file: What errors name.
  /// - Returns: A prediction whose frames are in order of time and whose masks can be decoded.
  /// - Throws: ``AnnotationError``.
  public static func prediction(
    from data: Data, file: String
  ) throws(AnnotationError) -> Prediction {
    let version = try decode(Version.self, from: data, file: file)
    guard version.format == Prediction.currentFormat else {
      throw .unsupportedFormat(file: file, format: version.format)
    }
    let prediction = try decode(Prediction.self, from: data, file: file)
    try checkAscending(prediction.frames.map(\.time), what: "frames", file: file)
    for frame in prediction.frames {
      do {
        _ = try frame.mask.decoded()
      } catch {
        throw .malformed(file: file, reason: "frame \(frame.index): \(error)")
      }
    }
    return prediction
  }

  private struct Version: Decodable { let format: Int }

  private static func decode<Document: Decodable>(
    _ type: Document.Type, from data: Data, file: String
  ) throws(AnnotationError) -> Document {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as AnnotationError {
      throw .malformed(file: file, reason: error.sentenceWithoutPeriod)
    } catch let error as DecodingError {
      throw .malformed(file: file, reason: reason(error))
    } catch {
      throw .malformed(file: file, reason: "it is not JSON")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "“\(path(context.codingPath + [key]))” is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "“\(path(context.codingPath))” is of the wrong kind"
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      "it is not JSON, or ends too early"
    case .dataCorrupted(let context):
      "“\(path(context.codingPath))” is not valid"
    @unknown default: "it is not what its format says"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }.joined(separator: ".")
  }

  private static func checkAscending(
    _ times: [Double], what: String, file: String
  ) throws(AnnotationError) {
    for (index, time) in times.enumerated() {
      guard time.isFinite, time >= 0 else {
        throw .malformed(
          file: file, reason: "time \(index) of “\(what)” is not a number of seconds from 0")
      }
      if index > 0, time <= times[index - 1] {
        throw .malformed(
          file: file, reason: "time \(index) of “\(what)” does not come after the one before it")
      }
    }
  }
}

extension AnnotationError {
  /// The sentence, to be put inside another.
  fileprivate var sentenceWithoutPeriod: String {
    description.hasSuffix(".") ? String(description.dropLast()) : description
  }
}
