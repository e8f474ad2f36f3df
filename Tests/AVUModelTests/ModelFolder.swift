import Foundation

/// A copy of a model's folder, the shipped one's by default, in which files can be changed.
final class ModelFolder {
  let path: String

  init(of source: String = Fixture.directory) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.copyItem(at: URL(filePath: source), to: folder)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  /// Replaces a piece of a text file, which must be there.
  func replace(_ old: String, with new: String, in name: String) throws {
    let text = try String(contentsOfFile: file(name), encoding: .utf8)
    guard text.contains(old) else { throw CocoaError(.fileReadCorruptFile) }
    try Data(text.replacing(old, with: new).utf8).write(to: URL(filePath: file(name)))
  }

  /// Changes the bytes of a file.
  func change(_ name: String, _ body: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: URL(filePath: file(name)))
    body(&data)
    try data.write(to: URL(filePath: file(name)))
  }
}
