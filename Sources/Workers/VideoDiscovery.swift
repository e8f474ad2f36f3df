package import Annotations
import Foundation

/// Finds the video files that a person means by naming files and folders.
package enum VideoDiscovery {
  /// A file that was found, with the id that it gets in its collection.
  package struct Found: Sendable, Hashable {
    /// The file.
    package let location: MediaLocation

    /// Its id.
    package let clip: ClipID
  }

  /// The video files among `paths`.
  ///
  /// A file that is named is taken as it is, whatever it contains: the job that reads it says what
  /// is wrong with it. In folders, files with the extension of a video or sound container are
  /// taken, at any depth, in the order of their names; hidden ones are passed over. A folder in
  /// clip-folder format (`<clip-id>/video.*`) gives the folder's name as the id.
  ///
  /// - Parameter paths: Files and folders as bytes, absolute or from the current folder.
  /// - Returns: The files, each once, in order.
  /// - Throws: ``WorkerError/unreadable(path:reason:)``, ``WorkerError/noVideos(path:)``,
  ///   ``WorkerError/duplicateClip(id:first:second:)``.
  package static func find(in paths: [[UInt8]]) throws -> [Found] {
    var found: [Found] = []
    for path in paths {
      let absolute = absolute(path)
      let location = MediaLocation(path: absolute)
      guard let kind = kind(of: absolute) else {
        throw WorkerError.unreadable(path: location.shown, reason: String(cString: strerror(errno)))
      }
      guard kind == .folder else {
        found.append(Found(location: location, clip: clipID(of: location)))
        continue
      }
      let inside = try videos(inFolder: absolute)
      guard !inside.isEmpty else { throw WorkerError.noVideos(path: location.shown) }
      found += inside.map { Found(location: $0, clip: clipID(of: $0)) }
    }
    return try unique(found)
  }

  private enum Kind { case file, folder }

  /// The path from the root, without empty and `.` components.
  private static func absolute(_ path: [UInt8]) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    let whole =
      path.first == slash
      ? path : Array(FileManager.default.currentDirectoryPath.utf8) + [slash] + path
    let components = whole.split(separator: slash).filter { $0.elementsEqual(".".utf8) == false }
    return [slash] + components.joined(separator: [slash])
  }

  private static func unique(_ found: [Found]) throws -> [Found] {
    var byID: [ClipID: MediaLocation] = [:]
    return try found.filter { item in
      guard let other = byID[item.clip] else {
        byID[item.clip] = item.location
        return true
      }
      guard other == item.location else {
        throw WorkerError.duplicateClip(
          id: item.clip.text, first: other.shown, second: item.location.shown)
      }
      return false
    }
  }

  private static func clipID(of location: MediaLocation) -> ClipID {
    let stem = location.stem
    let components = location.path.split(separator: UInt8(ascii: "/"))
    let named = stem == Array("video".utf8) && components.count > 1
    let name = named ? Array(components[components.count - 2]) : stem
    return ClipID(fileName: String(decoding: name, as: UTF8.self))
  }

  private static func videos(inFolder folder: [UInt8]) throws -> [MediaLocation] {
    var result: [MediaLocation] = []
    for name in try names(inFolder: folder) where name.first != UInt8(ascii: ".") {
      let path = folder + [UInt8(ascii: "/")] + name
      switch kind(of: path) {
      case .folder: result += try videos(inFolder: path)
      case .file where isMedia(name): result.append(MediaLocation(path: path))
      case .file, nil: continue
      }
    }
    return result
  }

  private static func isMedia(_ name: [UInt8]) -> Bool {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return false }
    let ending = String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()
    return extensions.contains(ending)
  }

  /// The names in a folder, sorted by their bytes. Read from the system, because Foundation gives
  /// names as text and so loses those that are none.
  private static func names(inFolder folder: [UInt8]) throws -> [[UInt8]] {
    guard let stream = opendir(cString(folder)) else {
      throw WorkerError.unreadable(
        path: MediaLocation(path: folder).shown, reason: String(cString: strerror(errno)))
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) })
    }
    return names.filter { $0 != Array(".".utf8) && $0 != Array("..".utf8) }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  private static func kind(of path: [UInt8]) -> Kind? {
    var status = stat()
    guard stat(cString(path), &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  private static func cString(_ path: [UInt8]) -> [CChar] {
    path.map(CChar.init(bitPattern:)) + [0]
  }

  /// Extensions of containers that libavformat reads and that collections are made of.
  private static let extensions: Set<String> = [
    "3gp", "asf", "avi", "dv", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts",
    "mxf", "nut", "ogg", "ogv", "ts", "vob", "webm", "wmv",
  ]
}
