import Foundation

/// Reference values beside the tests, and those of a neighbouring checkout.
enum Golden {
  /// Reads a file of `Goldens`.
  static func read<Content: Decodable>(
    _ name: String, as type: Content.Type = Content.self, file: String = #filePath
  ) throws -> Content {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("Goldens/\(name).json"))
    return try JSONDecoder().decode(type, from: data)
  }

  /// A path inside a folder `shared` that stands beside a folder above this file; nil without one.
  static func shared(_ path: String, file: String = #filePath) -> String? {
    var folder = URL(fileURLWithPath: file).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("shared").appendingPathComponent(path).path
      if FileManager.default.fileExists(atPath: candidate) { return candidate }
    }
    return nil
  }
}
