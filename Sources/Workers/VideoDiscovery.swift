package import Annotations
import Foundation
import Media

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
  /// is wrong with it; so are `http(s)` addresses. Files that end in `.jsonl` or `.csv` are lists
  /// of videos (``VideoManifest``). In folders, files with the extension of a video container are taken, at any
  /// depth, in the order of their names; hidden ones are passed over. The id is the file's name
  /// without its extension; `<clip-id>/video.*`, as in clip folders, gives the folder's name. Files
  /// that would have the same id are all left out, since nobody can tell which one is meant.
  ///
  /// - Parameter paths: Files and folders as bytes, absolute or from the current folder, and
  ///   addresses.
  /// - Throws: ``WorkerError`` for what was named; the first problem when nothing is left.
  package init(_ paths: [[UInt8]]) throws {
    for path in paths {
      if let address = try Self.address(path) { add(.web(address)) } else { try addNamed(path) }
    }
    leaveOutDuplicates()
    if found.isEmpty, let problem = problems.first { throw problem }
  }

  private mutating func add(_ location: MediaLocation, as clip: ClipID? = nil) {
    found.append(Found(location: location, clip: clip ?? Self.clipID(of: location)))
  }

  // MARK: What was named

  private static func address(_ argument: [UInt8]) throws -> WebAddress? {
    let text = String(decoding: argument, as: UTF8.self)
    guard ["http://", "https://"].contains(where: text.lowercased().hasPrefix) else { return nil }
    guard let address = WebAddress(text) else { throw WorkerError.badAddress(text) }
    return address
  }

  private mutating func addNamed(_ argument: [UInt8]) throws {
    let path = Self.absolute(argument)
    let shown = MediaLocation(path: path).shown
    let before = (found.count, problems.count)
    switch Self.kind(of: path) {
    case .file where VideoManifest.isManifest(path): addVideos(of: try VideoManifest(path: path))
    case .file: add(.file(path: path))
    case .other: throw WorkerError.unreadable(path: shown, reason: "it is no file")
    case .unreadable(let reason): throw WorkerError.unreadable(path: shown, reason: reason)
    case .folder(let identity):
      folders.insert(identity)
      try addVideos(inFolder: path)
    }
    if (found.count, problems.count) == before { throw WorkerError.noVideos(path: shown) }
  }

  private mutating func addVideos(of manifest: VideoManifest) {
    problems += manifest.problems
    for entry in manifest.entries {
      guard let path = entry.location.path else {
        add(entry.location, as: entry.clip)
        continue
      }
      let location = MediaLocation(path: Self.absolute(path))
      switch Self.kind(of: path) {
      case .file: add(location, as: entry.clip)
      case .unreadable(let reason):
        problems.append(.unreadable(path: location.shown, reason: reason))
      case .folder, .other:
        problems.append(.unreadable(path: location.shown, reason: "it is no file"))
      }
    }
  }

  // MARK: Folders

  /// Adds a folder's videos.
  ///
  /// - Throws: ``WorkerError`` when it cannot be read; a folder in it that cannot is a problem.
  private mutating func addVideos(inFolder folder: [UInt8]) throws(WorkerError) {
    for name in try Self.names(inFolder: folder) where name.first != UInt8(ascii: ".") {
      let path = folder + [UInt8(ascii: "/")] + name
      switch Self.kind(of: path) {
      case .folder(let identity):
        // A link may lead back to a folder that was seen.
        guard folders.insert(identity).inserted else { continue }
        do {
          try addVideos(inFolder: path)
        } catch {
          problems.append(error)
        }
      case .file where Self.isMedia(name): add(.file(path: path))
      case .file, .other, .unreadable: continue
      }
    }
  }

  private static func isMedia(_ name: [UInt8]) -> Bool {
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return false }
    let ending = String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()
    return extensions.contains(ending)
  }

  /// The names in a folder, sorted by their bytes. Read from the system, because Foundation gives
  /// names as text and so loses those that are none.
  private static func names(inFolder folder: [UInt8]) throws(WorkerError) -> [[UInt8]] {
    guard let stream = opendir(cString(folder)) else {
      let reason = systemReason(errno)
      throw .unreadable(path: MediaLocation(path: folder).shown, reason: reason)
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

  /// Extensions of containers that libavformat reads and that collections are made of.
  private static let extensions: Set<String> = [
    "3gp", "asf", "avi", "dv", "flv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts",
    "mxf", "nut", "ogg", "ogv", "ts", "vob", "webm", "wmv",
  ]

  // MARK: Ids

  private static func clipID(of location: MediaLocation) -> ClipID {
    let stem = location.stem
    let components = location.components
    let named = stem == Array("video".utf8) && components.count > 1
    let name = named ? components[components.count - 2] : stem
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
    case file
    case folder(FileIdentity)
    case other
    case unreadable(reason: String)
  }

  private struct FileIdentity: Hashable {
    let device: dev_t
    let inode: ino_t
  }

  private static func kind(of path: [UInt8]) -> Kind {
    var status = stat()
    guard stat(cString(path), &status) == 0 else {
      return .unreadable(reason: systemReason(errno))
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .folder(FileIdentity(device: status.st_dev, inode: status.st_ino))
    case S_IFREG: return .file
    default: return .other
    }
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
