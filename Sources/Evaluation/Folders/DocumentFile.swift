import Foundation
import Streaming

/// Reads small files, with errors that name them.
enum DocumentFile {
  /// The content of a file.
  static func bytes(_ path: String, what: String) throws(EvaluationError) -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .missing(file: path, what: what)
    }
    return data
  }

  /// The names of the folders in a folder that hold a certain file, ascending by their bytes.
  static func folders(in path: String, holding name: String) throws(EvaluationError) -> NameTable {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw .missing(file: path, what: "a folder of clips")
    }
    let folders = NameTable(
      names.lazy.filter { FileManager.default.fileExists(atPath: "\(path)/\($0)/\(name)") })
    return folders.names(at: folders.ascending)
  }
}
