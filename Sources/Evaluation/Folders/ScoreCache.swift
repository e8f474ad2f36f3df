import Foundation
import Media

/// Scores of clips on disk, kept by what they were computed from.
///
/// A score's key is a hash of the clip's truth (document and masks), of its answer and of the
/// version of the scoring, so that a score is found again exactly when nothing has changed, and an
/// evaluation that was interrupted goes on where it was.
public struct ScoreCache: Sendable {
  private let folder: String

  /// Names a folder; it is made when the first score is kept.
  public init(folder: String) { self.folder = folder }

  /// The key of a score.
  ///
  /// - Parameters:
  ///   - truth: What identifies the truth.
  ///   - answer: What identifies the answer.
  /// - Returns: 64 hexadecimal digits.
  static func key(truth: String, answer: String) -> String {
    ContentHash.sha256(of: Array("\(ClipScorer.version)\n\(truth)\n\(answer)\n".utf8))
  }

  /// A score that was kept; nil when there is none that can be read.
  func score(for key: String) -> ClipScore? {
    guard let data = FileManager.default.contents(atPath: path(of: key)) else { return nil }
    return try? JSONDecoder().decode(ClipScore.self, from: data)
  }

  /// Keeps a score.
  ///
  /// - Throws: ``EvaluationError/unwritable(file:reason:)``.
  func keep(_ score: ClipScore, for key: String) throws(EvaluationError) {
    let file = URL(fileURLWithPath: path(of: key))
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try JSONEncoder().encode(score).write(to: file, options: .atomic)
    } catch {
      throw .unwritable(file: file.path, reason: FileReason(error))
    }
  }

  private func path(of key: String) -> String {
    "\(folder)/\(key.prefix(2))/\(key.dropFirst(2)).json"
  }
}

extension ClipFolder {
  /// What identifies the clip's truth by content: its document and its masks.
  func digest() -> String? {
    guard let document = try? ContentHash.sha256(ofFile: annotationPath) else { return nil }
    let masks = (try? FileManager.default.contentsOfDirectory(atPath: path + "/masks")) ?? []
    var text = document
    for name in masks.sorted() where name.hasSuffix(".png") {
      guard let mask = try? ContentHash.sha256(ofFile: "\(path)/masks/\(name)") else { return nil }
      text += "\n\(name)\n\(mask)"
    }
    return ContentHash.sha256(of: Array(text.utf8))
  }
}
