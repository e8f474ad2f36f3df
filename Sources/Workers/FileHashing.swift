import Dispatch
import Foundation
import Media
import Synchronization

/// Reads files to know them by their content.
package enum FileHashing {
  /// A file's content in short.
  package struct Digest: Hashable, Sendable {
    /// SHA-256, 64 hexadecimal digits.
    package let sha256: String

    /// Bytes.
    package let bytes: Int64
  }

  /// Hashes files, several at a time, on threads of their own.
  ///
  /// - Parameters:
  ///   - locations: The files.
  ///   - progress: Called after each file with how many are done; from any thread.
  /// - Returns: For each file its digest, or the error that kept it from being read.
  package static func digests(
    of locations: [MediaLocation], progress: @escaping @Sendable (Int) -> Void
  ) async -> [Result<Digest, any Error>] {
    await withCheckedContinuation { continuation in
      DispatchQueue(label: "avu.hashing").async {
        let results = Mutex([Result<Digest, any Error>?](repeating: nil, count: locations.count))
        let done = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: locations.count) { index in
          let result = Result { try digest(of: locations[index]) }
          results.withLock { $0[index] = result }
          progress(done.add(1, ordering: .relaxed).newValue)
        }
        continuation.resume(returning: results.withLock { $0.compactMap { $0 } })
      }
    }
  }

  private static func digest(of location: MediaLocation) throws -> Digest {
    try location.withOpenPath { path in
      var status = stat()
      guard stat(path, &status) == 0 else {
        throw WorkerError.unreadable(
          path: location.shown, reason: String(cString: strerror(errno)))
      }
      return Digest(sha256: try ContentHash.sha256(ofFile: path), bytes: Int64(status.st_size))
    }
  }
}
