public import Annotations
import Foundation
import Media
public import Streaming

/// A folder of predictions: `<clip-id>/prediction.json`, as `avu infer` writes it.
public struct PredictionFolder: Sendable {
  /// Where the folder is.
  public let path: String

  /// The names of the folders that hold a prediction, ascending by their bytes.
  public let names: NameTable

  /// Opens a folder of predictions; they are read later, one at a time.
  ///
  /// - Throws: ``EvaluationError/missing(file:what:)``.
  public init(path: String) throws(EvaluationError) {
    self.path = path
    names = try DocumentFile.folders(in: path, holding: "prediction.json")
  }

  /// What the model of the first readable prediction does, for example `ssu-s`; nil without any.
  public var task: String? {
    names.lazy.compactMap { name in
      (try? ClipID(name)).flatMap { try? prediction(of: $0).model.task }
    }.first
  }

  /// Reads the prediction of one clip.
  ///
  /// - Parameter id: The clip, which is its folder's name.
  /// - Returns: The prediction, its frames in order of time.
  /// - Throws: An error that names the file.
  public func prediction(of id: ClipID) throws(EvaluationError) -> Prediction {
    let file = "\(path)/\(id.text)/prediction.json"
    let data = try DocumentFile.bytes(file, what: "a prediction of the clip")
    do {
      return try AnnotationDocument.prediction(from: data, file: file)
    } catch {
      throw .annotation(error)
    }
  }
}

extension PredictionFolder: AnswerSource {
  /// The hash of the clip's document.
  public func digest(of id: ClipID) -> String? {
    try? ContentHash.sha256(ofFile: "\(path)/\(id.text)/prediction.json")
  }

  /// Scores the clip's prediction.
  public func score(against truth: ClipTruth) throws(EvaluationError) -> ClipScore {
    try ClipScorer.score(prediction(of: truth.id), against: truth)
  }
}
