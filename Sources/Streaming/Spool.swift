import Foundation
import Synchronization

/// Bytes that are written once and read again: in memory while they are few, beyond that in a
/// temporary file that goes away with its last user, whatever becomes of the program.
///
/// The file is made in `TMPDIR`, else in `/var/tmp`. Where none can be made or it cannot grow, bytes
/// stay in memory: the result is the same and only takes more of it. Bytes that cannot be read back
/// end the program, as memory that fails would.
package final class Spool: Sendable {
  private struct State {
    var file: Int32?
    var canSpill = true

    /// How many bytes are in the file; the tail follows them.
    var inFile = 0
    var tail: [UInt8] = []
  }

  private let state = Mutex(State())
  private let limit: Int

  /// How much is written to the file at a time.
  private static let piece = 1 << 18

  /// How many bytes of each spool stay in memory unless something else is said.
  package static let usualLimit = 2 << 20

  /// - Parameter limit: How many bytes may stay in memory.
  package init(limit: Int = usualLimit) { self.limit = limit }

  deinit {
    state.withLock { if let file = $0.file { close(file) } }
  }

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
      if state.canSpill, state.tail.count > allowed { Self.spill(&state) }
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
        let got = pread(file ?? -1, base + done, stored - done, off_t(range.lowerBound + done))
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
  private static func spill(_ state: inout State) {
    if state.file == nil { state.file = temporaryFile() }
    guard let file = state.file else {
      state.canSpill = false
      return
    }
    let start = state.inFile
    let isWritten = state.tail.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count, let base = bytes.baseAddress {
        let put = pwrite(file, base + done, bytes.count - done, off_t(start + done))
        if put < 0, errno == EINTR { continue }
        if put <= 0 { return false }
        done += put
      }
      return true
    }
    state.canSpill = isWritten
    if isWritten {
      state.inFile += state.tail.count
      state.tail = []
    }
  }

  /// An open file without a name.
  private static func temporaryFile() -> Int32? {
    let chosen = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
    for folder in [chosen, "/var/tmp", "/tmp"] where !folder.isEmpty {
      var path = Array("\(folder)/avu-spool-XXXXXX".utf8CString)
      let file = mkstemp(&path)
      if file >= 0 {
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        unlink(path)
        return file
      }
    }
    return nil
  }
}
