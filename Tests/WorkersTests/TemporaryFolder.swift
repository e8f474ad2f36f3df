import Foundation

@testable import Workers

/// A folder that goes when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "avu-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The folder's path as bytes.
  var bytes: [UInt8] { Array(path.utf8) }

  /// Writes a file under a name that may be no text; makes the folders above it.
  @discardableResult
  func write(_ data: Data, name: [UInt8]) throws -> MediaLocation {
    let file = bytes + [UInt8(ascii: "/")] + name
    if let slash = name.lastIndex(of: UInt8(ascii: "/")) {
      try FileManager.default.createDirectory(
        atPath: path + "/" + String(decoding: name[..<slash], as: UTF8.self),
        withIntermediateDirectories: true)
    }
    let descriptor = open(
      file.map(CChar.init(bitPattern:)) + [0], O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: data)
    return MediaLocation(path: file)
  }

  func write(_ data: Data, name: String) throws -> MediaLocation {
    try write(data, name: Array(name.utf8))
  }
}
