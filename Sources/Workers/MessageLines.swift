import Subprocess

/// Cuts the output of a process into lines, of any length.
struct MessageLines {
  private var output: SubprocessOutputSequence.Iterator
  private var bytes: [UInt8] = []
  private var searched = 0

  /// - Parameter output: The output; only one reader may take it.
  init(_ output: SubprocessOutputSequence) { self.output = output.makeAsyncIterator() }

  /// The next complete line without its line break; nil when the output has ended.
  mutating func next() async throws -> String? {
    while true {
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: bytes[..<end], as: UTF8.self)
        bytes.removeSubrange(...end)
        searched = 0
        return line
      }
      searched = bytes.count
      guard let piece = try await output.next() else { return nil }
      piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
  }
}
