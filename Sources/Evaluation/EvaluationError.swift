public import Annotations
public import Media
import Streaming

/// What can be wrong with what is to be scored.
public enum EvaluationError: Error, Equatable, Sendable {
  /// A folder or file that must be there is not, or cannot be opened.
  case missing(file: String, what: String)

  /// A file is not what its name says.
  case unreadable(file: String, reason: String)

  /// A mask has another size than the clip's first mask.
  case unequalMaskSize(file: String, expected: String, found: String)

  /// Two folders hold the same clip.
  case duplicateClip(id: String, first: String, second: String)

  /// A folder holds no clips.
  case emptyDataset(folder: String)

  /// A document's content is wrong.
  case annotation(AnnotationError)

  /// There is nothing to score.
  case nothingToScore(file: String)

  /// Something cannot be scored, and nothing may be left out.
  case notScored(clip: String, reason: String)

  /// A file cannot be written.
  case unwritable(file: String, reason: FileReason)

  /// A data set has no such split.
  case noSuchSplit(name: String, dataset: String, known: [String])

  /// A temporary file cannot be made or cannot grow.
  case temporaryFile(folder: String, reason: String)

  /// Runs have no figure of a name.
  case noSuchFigure(name: String, known: [String])

  /// Two runs have nothing that can be compared.
  case incomparable(reason: String)
}

extension EvaluationError {
  /// Says why a spool failed.
  static func temporaryFile(_ failure: SpoolFailure) -> EvaluationError {
    .temporaryFile(folder: failure.folder, reason: failure.reason)
  }
}

extension EvaluationError: CustomStringConvertible {
  /// One sentence that names the file and says what to do.
  public var description: String {
    switch self {
    case .missing(let file, let what):
      "\(file) is missing or cannot be opened; \(what) is needed there."
    case .unreadable(let file, let reason):
      "\(file) cannot be read: \(reason)".endingSentence
    case .unequalMaskSize(let file, let expected, let found):
      "\(file) is \(found) pixels where the clip's first mask is \(expected); "
        + "all masks of a clip need the frame's own size."
    case .duplicateClip(let id, let first, let second):
      "The clip id “\(id)” is in both \(first) and \(second); give one of them another id."
    case .emptyDataset(let folder):
      "\(folder) holds no clip folders; each needs an annotation.json."
    case .annotation(let error):
      error.description
    case .nothingToScore(let file):
      "\(file) holds no sentence that has both a hypothesis and a reference."
    case .notScored(let clip, let reason):
      "\(clip) cannot be scored: \(reason)".endingSentence
    case .unwritable(let file, let reason):
      "\(file) cannot be written (\(reason)); make room or choose another folder."
    case .noSuchSplit(let name, let dataset, let known):
      "\(dataset)/dataset.json has no split “\(name)”; "
        + (known.isEmpty ? "it has none at all." : "it has: \(known.joined(separator: ", ")).")
    case .temporaryFile(let folder, let reason):
      "A temporary file in \(folder) cannot be written (\(reason)); make room there, or set TMPDIR "
        + "to a folder with room."
    case .noSuchFigure(let name, let known):
      "There is no figure “\(name)” in both runs; they share \(known.joined(separator: ", "))."
    case .incomparable(let reason):
      "The two runs cannot be compared: \(reason)."
    }
  }
}

extension String {
  /// The text with the period that ends a sentence, if it has none yet.
  fileprivate var endingSentence: String { hasSuffix(".") ? self : self + "." }
}
