import Foundation

/// A regular file, open for reading; anything else is refused without waiting for it.
final class RegularFile {
  /// Its descriptor.
  let descriptor: Int32

  /// How many bytes it has.
  let size: Int

  /// Opens a file.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``MediaError/cannotOpen(path:reason:)``.
  init(path: String) throws(MediaError) {
    // A pipe without a writer must not be waited for.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: systemReason(errno)) }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    size = Int(status.st_size)
    if isKnown, status.st_mode & S_IFMT == S_IFREG { return }
    let isDirectory = status.st_mode & S_IFMT == S_IFDIR
    throw .cannotOpen(
      path: path,
      reason: isDirectory ? "it is a directory, not a file" : "it is not a regular file")
  }

  deinit { close(descriptor) }

  /// Reads on.
  ///
  /// - Parameters:
  ///   - block: What is filled.
  ///   - path: The file's name, for errors.
  /// - Returns: How many bytes were read; 0 at the end.
  /// - Throws: ``MediaError/cannotRead(path:reason:)``.
  func read(
    into block: UnsafeMutableRawBufferPointer, path: String
  ) throws(MediaError) -> Int {
    while true {
      let count = Foundation.read(descriptor, block.baseAddress, block.count)
      if count >= 0 { return count }
      if errno != EINTR { throw .cannotRead(path: path, reason: systemReason(errno)) }
    }
  }

  /// The file's first bytes; all of a shorter file.
  func start(_ length: Int, path: String) throws(MediaError) -> [UInt8] {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
    defer { block.deallocate() }
    return Array(block[..<(try read(into: block, path: path))])
  }
}
