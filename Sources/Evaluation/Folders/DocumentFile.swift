import Foundation

/// Reads small files, with errors that name them.
enum DocumentFile {
  /// The content of a file.
  static func bytes(_ path: String, what: String) throws(EvaluationError) -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .missing(file: path, what: what)
    }
    return data
  }

  /// The sorted names of the folders in a folder that hold a certain file.
  static func folders(in path: String, holding name: String) throws(EvaluationError) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw .missing(file: path, what: "a folder of clips")
    }
    return names.sorted().map { path + "/" + $0 }.filter {
      FileManager.default.fileExists(atPath: $0 + "/" + name)
    }
  }
}
