import Foundation
import Media

extension MediaLocation {
  /// Whether the file is there and may be read, as far as can be told without reading it: servers
  /// are not asked.
  var isReadable: Bool {
    guard let path else { return true }
    return access(path.map(CChar.init(bitPattern:)) + [0], R_OK) == 0
  }

  /// The folder of the file, when it is not there, or empty as where a disk is not mounted, or on a disk
  /// that does not answer.
  var absentFolder: String? {
    guard let path else { return nil }
    let folder = Array(path[..<max(1, path.lastIndex(of: UInt8(ascii: "/")) ?? 0)])
    let name = place
    guard let entries = opendir(folder.map(CChar.init(bitPattern:)) + [0]) else {
      return errno == EACCES ? nil : name
    }
    defer { closedir(entries) }
    // "." and ".." are always there.
    for _ in 0..<3 where readdir(entries) == nil { return name }
    return nil
  }

  /// What has to be there for the file to be read: its folder, or its server.
  var place: String {
    switch self {
    case .file(let path):
      let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? 0
      return MediaLocation(path: Array(path[..<max(1, slash)])).shown
    case .web(let address): return address.server
    }
  }

  /// Opens the file and hands a path to it that is plain ASCII, whatever the file is called.
  ///
  /// Libraries that take a path as text could not open every name, and some read meaning into it
  /// (`concat:a|b`). `/proc/self/fd/N` names the open file and nothing else; it also goes on
  /// meaning the same file when the name is given to another one meanwhile. A file on the web is
  /// downloaded into a file without a name, which goes when `body` returns.
  ///
  /// - Parameters:
  ///   - waiting: Called now and then during a download.
  ///   - body: Runs while the file is open.
  /// - Returns: What `body` returns.
  /// - Throws: ``WorkerError/unreadable(path:reason:)``, `MediaError` of a download, and what
  ///   `body` throws.
  package func withOpenPath<Result>(
    waiting: () -> Void = {}, _ body: (String) throws -> Result
  ) throws -> Result {
    let file =
      switch self {
      case .file(let path): try open(path)
      case .web(let address): try download(address, waiting: waiting)
      }
    defer { close(file) }
    return try body("/proc/self/fd/\(file)")
  }

  private func open(_ path: [UInt8]) throws -> Int32 {
    // Opening a pipe would wait for somebody who writes into it.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
    let file = Foundation.open(path.map(CChar.init(bitPattern:)) + [0], flags)
    guard file >= 0 else { throw unreadable() }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(file)
      throw WorkerError.unreadable(path: shown, reason: "it is no regular file")
    }
    return file
  }

  private func download(_ address: WebAddress, waiting: () -> Void) throws -> Int32 {
    let folder = FileManager.default.temporaryDirectory.path
    let name = "\(folder)/avu-download-\(UUID().uuidString)"
    let file = Foundation.open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw unreadable() }
    unlink(name)
    do {
      try WebFile.download(address, to: file, progress: waiting)
      return file
    } catch {
      close(file)
      throw error
    }
  }

  private func unreadable() -> WorkerError {
    .unreadable(path: shown, reason: String(cString: strerror(errno)))
  }
}
