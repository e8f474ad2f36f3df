import Foundation

/// A file under a temporary name beside its final one, removed unless it is finished.
final class UnfinishedFile {
  /// Where to write.
  let path: String

  private let target: String
  private var isFinished = false

  init(target: String) throws(MediaError) {
    self.target = target
    let folder = target.lastIndex(of: "/").map { target[...$0] } ?? ""
    path = folder + ".avu-\(UUID().uuidString).part"
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .cannotWrite(path: target, reason: systemReason(errno)) }
    close(file)
  }

  deinit {
    if !isFinished { unlink(path) }
  }

  /// Gives the complete file its name.
  ///
  /// - Throws: ``MediaError/cannotWrite(path:reason:)``.
  func finish() throws(MediaError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    let isSafe = file >= 0 && fsync(file) == 0
    let reason = errno
    if file >= 0 { close(file) }
    guard isSafe else { throw .cannotWrite(path: target, reason: systemReason(reason)) }
    guard rename(path, target) == 0 else {
      throw .cannotWrite(path: target, reason: systemReason(errno))
    }
    isFinished = true
  }
}
