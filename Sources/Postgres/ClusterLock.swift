import Foundation
import Glibc

/// Keeps a second command from creating, starting or stopping the same server at the same time.
///
/// The kernel releases it when the program dies, however it dies.
struct ClusterLock: ~Copyable {
  private let file: Int32

  /// Waits for the lock.
  init(path: String) throws(PostgresError) {
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else {
      throw .cluster(.directory(path: path, reason: String(cString: strerror(errno))))
    }
    while flock(file, LOCK_EX) != 0 && errno == EINTR {}
  }

  deinit { close(file) }
}
