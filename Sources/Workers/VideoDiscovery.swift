package import Annotations
import Foundation

/// Finds the video files that a person means by naming files and folders.
package struct VideoDiscovery: Sendable {
  /// A file that was found, with the id that it gets in its collection.
  package struct Found: Sendable, Hashable {
    /// The file.
    package let location: MediaLocation

    /// Its id.
    package let clip: ClipID
  }

  /// The files, each once, in order.
  package private(set) var found: [Found] = []

  /// What was left out, and why: one bad entry does not keep a collection of thousands back.
  package private(set) var problems: [WorkerError] = []

  private var folders: Set<FileIdentity> = []

  /// Looks for the video files among `paths`.
  ///
  /// A file that is named is taken as it is, whatever it contains: the job that reads it says what
  /// is wrong with it. In folders, files with the extension of a video container are taken, at any
  /// depth, in the order of their names; hidden ones are passed over. The id is the file's name
  /// without its extension; `<clip-id>/video.*`, as in clip folders, gives the folder's name. Files
  /// that would have the same id are all left out, since nobody can tell which one is meant.
  ///
  /// - Parameter paths: Files and folders as bytes, absolute or from the current folder.
  /// - Throws: ``WorkerError/unreadable(path:reason:)`` and ``WorkerError/noVideos(path:)`` for
  ///   what was named; the first problem when nothing is left.
  package init(_ paths: [[UInt8]]) throws {
    for path in paths {
      let location = MediaLocation(path: Self.absolute(path))
      switch Self.kind(of: location) {
      case .file: found.append(Found(location: location, clip: Self.clipID(of: location)))
      case .other: throw WorkerError.unreadable(path: location.shown, reason: "it is no file")
      case nil: throw Self.unreadable(location)
      case .folder(let identity):
        let before = (found.count, problems.count)
        folders.insert(identity)
        guard addVideos(inFolder: location.path) else { throw Self.unreadable(location) }
        if (found.count, problems.count) == before {
          throw WorkerError.noVideos(path: location.shown)
        }
      }
    }
    leaveOutDuplicates()
    if found.isEmpty, let problem = problems.first { throw problem }
  }

  // MARK: Folders

  /// Adds a folder's videos; false when it cannot be read.
  private mutating func addVideos(inFolder folder: [UInt8]) -> Bool {
    guard let names = Self.names(inFolder: folder) else { return false }
    for name in names where name.first != UInt8(ascii: ".") {
      let location = MediaLocation(path: folder + [UInt8(ascii: "/")] + name)
      switch Self.kind(of: location) {
      case .folder(let identity):
        // A link may lead back to a folder that was seen.
        guard folders.insert(identity).inserted else { continue }
        if !addVideos(inFolder: location.path) { problems.append(Self.unreadable(location)) }
      case .file where Self.isMedia(name):
        found.append(Found(location: location, clip: Self.clipID(of: location)))
      case .file, .other, nil: continue
      }
    }
    return true
  }

  private static func isMedia(_ name: [UInt8]) -> Bool {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return false }
    let ending = String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()
    return extensions.contains(ending)
  }

  /// The names in a folder, sorted by their bytes. Read from the system, because Foundation gives
  /// names as text and so loses those that are none.
  private static func names(inFolder folder: [UInt8]) -> [[UInt8]]? {
    guard let stream = opendir(cString(folder)) else { return nil }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) })
    }
    return names.filter { $0 != Array(".".utf8) && $0 != Array("..".utf8) }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Extensions of containers that libavformat reads and that collections are made of.
  private static let extensions: Set<String> = [
    "3gp", "asf", "avi", "dv", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts",
    "mxf", "nut", "ogg", "ogv", "ts", "vob", "webm", "wmv",
  ]

  // MARK: Ids

  private static func clipID(of location: MediaLocation) -> ClipID {
    let stem = location.stem
    let components = location.path.split(separator: UInt8(ascii: "/"))
    let named = stem == Array("video".utf8) && components.count > 1
    let name = named ? Array(components[components.count - 2]) : stem
    return ClipID(fileName: MediaLocation.text(of: name))
  }

  private mutating func leaveOutDuplicates() {
    var known: Set<MediaLocation> = []
    found = found.filter { known.insert($0.location).inserted }
    var duplicates: [ClipID: [MediaLocation]] = [:]
    for item in found { duplicates[item.clip, default: []].append(item.location) }
    for item in found {
      guard let places = duplicates[item.clip], places.count > 1, places[0] == item.location
      else { continue }
      problems.append(
        .duplicateClip(
          id: item.clip.text, first: places[0].shown, second: places[1].shown,
          more: places.count - 2))
    }
    found = found.filter { duplicates[$0.clip]?.count == 1 }
  }

  // MARK: Files

  private enum Kind {
    case file, folder(FileIdentity), other
  }

  private struct FileIdentity: Hashable {
    let device: dev_t
    let inode: ino_t
  }

  private static func kind(of location: MediaLocation) -> Kind? {
    var status = stat()
    guard stat(cString(location.path), &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .folder(FileIdentity(device: status.st_dev, inode: status.st_ino))
    case S_IFREG: return .file
    default: return .other
    }
  }

  private static func unreadable(_ location: MediaLocation) -> WorkerError {
    .unreadable(path: location.shown, reason: String(cString: strerror(errno)))
  }

  /// The path from the root, without empty and `.` components.
  private static func absolute(_ path: [UInt8]) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    let whole =
      path.first == slash
      ? path : Array(FileManager.default.currentDirectoryPath.utf8) + [slash] + path
    let components = whole.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
    return [slash] + components.joined(separator: [slash])
  }

  private static func cString(_ path: [UInt8]) -> [CChar] {
    path.map(CChar.init(bitPattern:)) + [0]
  }
}
