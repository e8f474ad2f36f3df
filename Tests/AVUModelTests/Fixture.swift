import Foundation

@testable import AVUModel

/// The files and inputs that the tests of the model share.
enum Fixture {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The shipped model's folder.
  static let directory = root.appending(path: "models/avuformer-lite").path

  /// What the shipped model's blocks should give.
  static let goldens = root.appending(path: "Tests/AVUModelTests/Goldens/blocks.safetensors").path

  /// A narrow model with the encoders of avuformer-base, and what its blocks should give.
  static let narrowBase = root.appending(path: "Tests/AVUModelTests/Goldens/base-narrow").path

  /// The shipped model.
  static func model(threads: Int = 1) throws -> AVUFormer {
    try AVUFormer(directory: directory, threads: threads)
  }

  /// Different frames with sound.
  static func frames(_ count: Int) -> [FrameInput] {
    (0..<count).map {
      let input = GoldenInputs.input(frame: $0, width: 320, height: 192)
      return FrameInput(picture: input.picture, second: Double($0) / 3, sound: input.sound)
    }
  }
}
