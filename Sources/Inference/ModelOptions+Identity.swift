public import AVUModel
import Media

extension ModelOptions {
  /// What tells predictions of a model with these options from all others.
  ///
  /// - Parameter weights: SHA-256 of the weights.
  /// - Returns: The same without options; else SHA-256 of both.
  public func identity(weights: String) -> String {
    suffix.isEmpty ? weights : ContentHash.sha256(of: Array((weights + suffix).utf8))
  }
}
