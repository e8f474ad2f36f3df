package import Inference

/// Why a clip could not be analysed, with the file's own name in the message.
///
/// Files are opened once and read through `/proc/self/fd/N`, which is what errors of the layers
/// below name.
package struct ClipFailure: Error, CustomStringConvertible {
  /// One sentence.
  package let message: String

  /// Whether trying again is useless.
  package let isPermanent: Bool

  /// Puts the name in.
  ///
  /// - Parameters:
  ///   - error: What went wrong.
  ///   - openPath: The path that the file was read through.
  ///   - shown: The file's name for people.
  package init(_ error: InferenceError, openPath: String, shown: String) {
    let text = error.description.replacing("file:" + openPath, with: shown)
      .replacing(openPath, with: shown)
    message = text.contains(shown) ? text : "\(shown): \(text)"
    isPermanent = error.isPermanent
  }

  /// The message.
  package var description: String { message }
}
