import AVUModel
import Foundation

/// The files that the tests of the model share.
enum Fixture {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The shipped model's folder.
  static let directory = root.appending(path: "models/avuformer-lite").path

  /// What the shipped model's blocks should give.
  static let goldens = root.appending(path: "Tests/AVUModelTests/Goldens/blocks.safetensors").path

  /// The shipped model.
  static func model(threads: Int = 1) throws -> AVUFormer {
    try AVUFormer(directory: directory, threads: threads)
  }
}
