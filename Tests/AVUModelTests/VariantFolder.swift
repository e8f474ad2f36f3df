import Foundation

/// A small model of one task, put together from its golden folder and the shipped encoders.
final class VariantFolder {
  /// Tensors by name: what the header says, without places, and their bytes.
  private typealias Tensors = [String: (header: [String: Any], bytes: Data)]

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
    let encoders = try Self.tensors(of: shipped.appending(path: weights)).filter {
      $0.key.hasPrefix("visual_encoder.") || $0.key.hasPrefix("audio_encoder.")
    }
    let rest = try Self.tensors(of: source.appending(path: weights))
    try Self.bytes(of: encoders.merging(rest) { $1 }).write(to: folder.appending(path: weights))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Replaces each occurrence of a piece of the configuration, which must be there.
  func configure(_ old: String, _ new: String) throws {
    let file = URL(filePath: path + "/config.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    guard text.contains(old) else { throw CocoaError(.fileReadCorruptFile) }
    try Data(text.replacing(old, with: new).utf8).write(to: file)
  }

  private static func tensors(of file: URL) throws -> Tensors {
    let data = try Data(contentsOf: file)
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any]
    var tensors: Tensors = [:]
    for (name, entry) in header ?? [:] where name != "__metadata__" {
      guard var entry = entry as? [String: Any], let range = entry["data_offsets"] as? [Int] else {
        throw CocoaError(.fileReadCorruptFile)
      }
      entry["data_offsets"] = nil
      tensors[name] = (entry, data[8 + length + range[0]..<8 + length + range[1]])
    }
    return tensors
  }

  private static func bytes(of tensors: Tensors) throws -> Data {
    var (header, values): ([String: Any], Data) = ([:], Data())
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let end = values.count + tensor.bytes.count
      header[name] = tensor.header.merging(["data_offsets": [values.count, end]]) { $1 }
      values += tensor.bytes
    }
    let text = try JSONSerialization.data(withJSONObject: header)
    return Data((0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }) + text + values
  }
}
