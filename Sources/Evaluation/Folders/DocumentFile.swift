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
    guard let directory = opendir(path) else {
      throw .missing(file: path, what: "a folder of clips")
    }
    defer { closedir(directory) }
    var folders = NameTable()
    // Entry by entry: a list of all names would take more memory than all that is kept of them.
    while let entry = readdir(directory) {
      let folder = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if folder == "." || folder == ".." { continue }
      if FileManager.default.fileExists(atPath: "\(path)/\(folder)/\(name)") {
        folders.append(folder)
      }
    }
    return folders.sorted()
  }
}
