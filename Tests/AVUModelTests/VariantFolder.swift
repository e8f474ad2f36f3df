import Foundation

/// A small model of one task, put together from its golden folder and the shipped encoders.
final class VariantFolder {
  let path: String
  let goldens: String

  init(_ variant: String) throws {
    let source = URL(filePath: Fixture.goldens).deletingLastPathComponent()
      .appending(path: variant)
    let shipped = URL(filePath: Fixture.directory)
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    path = folder.path
    goldens = source.appending(path: "goldens.safetensors").path
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in [
      source.appending(path: "config.json"), shipped.appending(path: "vocabulary.txt"),
    ] {
      try FileManager.default.copyItem(
        at: file, to: folder.appending(path: file.lastPathComponent))
    }
    let weights = "model.safetensors"
    var tensors = try StoredTensors(shipped.appending(path: weights))
    tensors.keep { $0.hasPrefix("visual_encoder.") || $0.hasPrefix("audio_encoder.") }
    tensors.add(try StoredTensors(source.appending(path: weights)))
    try tensors.write(to: folder.appending(path: weights))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Replaces each occurrence of a piece of the configuration, which must be there.
  func configure(_ old: String, _ new: String) throws {
    let file = URL(filePath: path + "/config.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    guard text.contains(old) else { throw CocoaError(.fileReadCorruptFile) }
    try Data(text.replacing(old, with: new).utf8).write(to: file)
  }
}
