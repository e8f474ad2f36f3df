import Foundation
import Media

/// The system calls behind a site's files: thousands of small ones, so without detours.
enum SiteFile {
  /// Copies or links a file; a link is a symbolic one where the file system cannot have both names.
  ///
  /// The target appears complete or not at all; one that is there already is left alone, because
  /// names of videos say what they hold.
  ///
  /// - Throws: ``VideoProblem`` when the source cannot be read, ``SiteError`` when the site cannot
  ///   be written: only the second must end a build.
  static func place(_ source: String, at target: String, linking: Bool) throws {
    // The file itself, should the source be a symbolic link.
    if linking, linkat(AT_FDCWD, source, AT_FDCWD, target, AT_SYMLINK_FOLLOW) == 0 { return }
    if linking, errno == EEXIST { return }
    if linking, symbolicLink(source, target) { return }
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw VideoProblem.unreadable(lastSystemFailure()) }
    defer { close(input) }
    let unfinished = target + ".\(UUID().uuidString)"
    let output = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard output >= 0 else { throw failure(target) }
    defer {
      close(output)
      unlink(unfinished)
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Foundation.read(input, &buffer, buffer.count)
      guard count >= 0 else { throw VideoProblem.unreadable(lastSystemFailure()) }
      if count == 0 { break }
      try writeAll(buffer[..<count], to: output, target)
    }
    guard rename(unfinished, target) == 0 else { throw failure(target) }
  }

  private static func symbolicLink(_ source: String, _ target: String) -> Bool {
    guard access(source, R_OK) == 0, let path = realpath(source, nil) else { return false }
    defer { free(path) }
    return symlink(path, target) == 0 || errno == EEXIST
  }

  /// Whether something is a symbolic link.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// The bytes of a file.
  static func read(_ path: String) throws(SiteError) -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
    } catch {
      throw .cannotRead(path: path, reason: fileReason(error))
    }
  }

  /// Writes a file in a folder that exists.
  static func write(_ content: [UInt8], to target: String) throws(SiteError) {
    let output = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard output >= 0 else { throw failure(target) }
    defer { close(output) }
    try writeAll(content[...], to: output, target)
  }

  /// Writes a file that appears complete or not at all, for names that say what they hold: several
  /// clips may have the same picture.
  static func writeWhole(_ content: [UInt8], to target: String) throws(SiteError) {
    let unfinished = target + ".\(UUID().uuidString)"
    try write(content, to: unfinished)
    guard rename(unfinished, target) == 0 else { throw failure(target) }
  }

  /// Writes bytes to an open file.
  static func writeAll(
    _ bytes: ArraySlice<UInt8>, to output: Int32, _ target: String
  ) throws(SiteError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(output, $0.baseAddress, $0.count) }
      guard written > 0 else { throw failure(target) }
      rest = rest.dropFirst(written)
    }
  }

  /// Gives a file another name in a folder that exists.
  ///
  /// - Returns: Whether the file is there now.
  static func link(_ source: String, _ target: String) -> Bool {
    Foundation.link(source, target) == 0 || errno == EEXIST
  }

  /// Makes a folder, with those above it.
  static func makeFolder(_ path: String) throws(SiteError) {
    if mkdir(path, 0o755) == 0 || (errno == EEXIST && isFolder(path)) { return }
    guard errno == ENOENT else { throw failure(path) }
    try makeFolder((path as NSString).deletingLastPathComponent)
    guard mkdir(path, 0o755) == 0 || (errno == EEXIST && isFolder(path)) else {
      throw failure(path)
    }
  }

  /// Makes a folder that is empty afterwards; the one above it exists.
  static func makeEmptyFolder(_ path: String) throws(SiteError) {
    if mkdir(path, 0o755) == 0 { return }
    guard errno == EEXIST else { throw failure(path) }
    try? FileManager.default.removeItem(atPath: path)
    guard mkdir(path, 0o755) == 0 else { throw failure(path) }
  }

  /// Whether something is there.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Goes through what is in a folder, in no order; one that cannot be read has nothing.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - body: Gets each name, and what it stands for; what a symbolic link leads to counts.
  static func forEachEntry(in folder: String, _ body: (_ name: String, _ entry: Entry) -> Void) {
    guard let handle = opendir(folder) else { return }
    defer { closedir(handle) }
    while let found = readdir(handle), let start = MemoryLayout<dirent>.offset(of: \.d_name) {
      let name = (UnsafeRawPointer(found) + start).assumingMemoryBound(to: CChar.self)
      if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { continue }
      var status = stat()
      if found.pointee.d_type == UInt8(DT_DIR) {
        body(String(cString: name), .folder)
      } else if fstatat(dirfd(handle), name, &status, 0) == 0 {
        switch status.st_mode & S_IFMT {
        case S_IFDIR: body(String(cString: name), .folder)
        case S_IFREG: body(String(cString: name), .file(bytes: Int(status.st_size)))
        default: break
        }
      }
    }
  }

  /// What a name in a folder stands for.
  enum Entry {
    case folder
    case file(bytes: Int)
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    if !isFolder { errno = EEXIST }
    return isFolder
  }

  private static func failure(_ target: String) -> SiteError {
    .cannotWrite(path: target, reason: lastSystemFailure())
  }
}
