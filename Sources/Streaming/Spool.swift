import Foundation
import Synchronization

/// Bytes that are written once and read again: in memory while they are few, beyond that in a
/// temporary file that goes away with its last user, whatever becomes of the program.
///
/// The file is made in `TMPDIR`, else in `/var/tmp` or `/tmp`. Where none can be made or it cannot
/// grow, bytes stay in memory and ``failure`` says so: whoever writes many looks there. Bytes that
/// cannot be read back end the program, as memory that fails would.
package final class Spool: Sendable {
  private struct State {
    var file: TemporaryFile?
    var failure: SpoolFailure?

    /// How many bytes are in the file; the tail follows them.
    var inFile = 0
    var tail: [UInt8] = []
  }

  private let state = Mutex(State())
  private let limit: Int
  private let folders: [String]?

  /// How much is written to the file at a time.
  private static let piece = 1 << 18

  /// How many bytes of each spool stay in memory unless something else is said.
  package static let usualLimit = 2 << 20

  /// - Parameters:
  ///   - limit: How many bytes may stay in memory.
  ///   - folders: Where the file may be, first choice first; nil for the usual ones.
  package init(limit: Int = usualLimit, folders: [String]? = nil) {
    self.limit = limit
    self.folders = folders
  }

  /// Why bytes stay in memory that should be in a file; nil while all is well.
  package var failure: SpoolFailure? { state.withLock { $0.failure } }

  /// How many bytes were written.
  package var count: Int { state.withLock { $0.inFile + $0.tail.count } }

  /// Writes bytes behind all others.
  ///
  /// - Returns: Where they are.
  @discardableResult
  package func append(_ bytes: [UInt8]) -> Range<Int> {
    state.withLock { state in
      let start = state.inFile + state.tail.count
      state.tail += bytes
      let allowed = state.file == nil ? limit : min(limit, Self.piece)
      if state.failure == nil, state.tail.count > allowed { spill(&state) }
      return start..<(start + bytes.count)
    }
  }

  /// Gives bytes that were written.
  package func withBytes<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let (file, inFile, tail) = state.withLock { ($0.file, $0.inFile, $0.tail) }
    if range.lowerBound >= inFile {
      return try tail.withUnsafeBytes {
        let own = (range.lowerBound - inFile)..<(range.upperBound - inFile)
        return try body(UnsafeRawBufferPointer(rebasing: $0[own]))
      }
    }
    var bytes = [UInt8](repeating: 0, count: range.count)
    let stored = min(range.upperBound, inFile) - range.lowerBound
    bytes.withUnsafeMutableBytes { bytes in
      var done = 0
      while done < stored, let base = bytes.baseAddress {
        let got = pread(
          file?.descriptor ?? -1, base + done, stored - done, off_t(range.lowerBound + done))
        if got < 0, errno == EINTR { continue }
        precondition(
          got > 0, "a temporary file cannot be read back: \(String(cString: strerror(errno)))")
        done += got
      }
    }
    if stored < range.count {
      bytes.replaceSubrange(stored..., with: tail.prefix(range.count - stored))
    }
    return try bytes.withUnsafeBytes(body)
  }

  /// Moves the tail to the file.
  private func spill(_ state: inout State) {
    do throws(SpoolFailure) {
      let file: TemporaryFile
      if let open = state.file {
        file = open
      } else {
        file = try TemporaryFile(in: folders ?? TemporaryFile.folders)
      }
      state.file = file
      try file.write(state.tail, at: state.inFile)
      state.inFile += state.tail.count
      state.tail = []
    } catch {
      state.failure = error
    }
  }
}

/// Why a temporary file cannot be used.
package struct SpoolFailure: Error, Hashable, Sendable {
  /// The folder in which it is or should have been.
  package let folder: String

  /// The system's words.
  package let reason: String
}

/// An open file without a name.
package final class TemporaryFile: Sendable {
  /// Where temporary files may be, first choice first.
  package static var folders: [String] {
    [ProcessInfo.processInfo.environment["TMPDIR"] ?? "", "/var/tmp", "/tmp"].filter { !$0.isEmpty }
  }

  fileprivate let descriptor: Int32
  private let folder: String

  /// Makes a file in the first folder that takes it.
  init(in folders: [String]) throws(SpoolFailure) {
    var failure = SpoolFailure(folder: "/", reason: "no folder was named")
    for folder in folders {
      var path = Array("\(folder)/avu-spool-XXXXXX".utf8CString)
      let file = mkstemp(&path)
      if file >= 0 {
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        unlink(path)
        descriptor = file
        self.folder = folder
        return
      }
      failure = SpoolFailure(folder: folder, reason: String(cString: strerror(errno)))
    }
    throw failure
  }

  deinit { close(descriptor) }

  fileprivate func write(_ bytes: [UInt8], at start: Int) throws(SpoolFailure) {
    let error = bytes.withUnsafeBytes { bytes -> Int32 in
      var done = 0
      while done < bytes.count, let base = bytes.baseAddress {
        let put = pwrite(descriptor, base + done, bytes.count - done, off_t(start + done))
        if put < 0, errno == EINTR { continue }
        if put <= 0 { return put < 0 ? errno : ENOSPC }
        done += put
      }
      return 0
    }
    if error != 0 { throw SpoolFailure(folder: folder, reason: String(cString: strerror(error))) }
  }
}
