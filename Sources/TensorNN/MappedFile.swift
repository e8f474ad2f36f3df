import Foundation

/// A file's bytes, mapped read-only, so that processes that use the same file share them.
///
/// Nobody may shorten the file meanwhile: a new one must take the old one's place by its name.
final class MappedFile: @unchecked Sendable {
  /// How many bytes there are.
  let count: Int

  private let start: UnsafeMutableRawPointer

  /// Maps a file.
  init(path: String) throws(WeightsError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(file: path, reason: "it is not a plain file")
    }
    guard status.st_size > 0 else { throw .malformed(file: path, reason: "it is empty") }
    count = Int(status.st_size)
    guard let memory = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      memory != MAP_FAILED
    else { throw Self.failure(path) }
    start = memory
  }

  deinit { munmap(start, count) }

  /// Lends the bytes.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try body(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// Gives the memory of some bytes back; they are read from the file again when they are asked for.
  func release(_ range: Range<Int>) {
    let page = Int(getpagesize())
    let first = range.lowerBound / page * page
    madvise(start + first, range.upperBound - first, MADV_DONTNEED)
  }

  private static func failure(_ path: String) -> WeightsError {
    .unreadable(file: path, reason: String(cString: strerror(errno)))
  }
}
