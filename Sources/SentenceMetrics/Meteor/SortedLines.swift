import Foundation

/// A file of lines in byte order, each beginning with its key; found by binary search, so that only
/// the parts of the file that are looked at are ever read.
struct SortedLines: Sendable {
  private let bytes: Data
  private let separator: UInt8

  /// Opens a file; gives nil when it cannot be read or is empty.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - separator: What ends the key and divides the fields behind it; no byte of a key is below.
  init?(file: URL, separator: UInt8) {
    guard let data = try? Data(contentsOf: file, options: .alwaysMapped), !data.isEmpty
    else { return nil }
    bytes = data
    self.separator = separator
  }

  /// The fields of the line with a key, the key first; empty when there is none.
  func fields(of key: String) -> [String] {
    lookUp(Array(key.utf8)).line?.split(separator: separator, omittingEmptySubsequences: true)
      .map { String(decoding: $0, as: UTF8.self) } ?? []
  }

  /// The line of a key as bytes, and whether any key goes on behind this one with a space.
  func lookUp(_ key: [UInt8]) -> (line: ArraySlice<UInt8>?, isPrefix: Bool) {
    if key.isEmpty || key.contains(separator) || key.contains(0x0A) { return (nil, false) }
    return bytes.withUnsafeBytes { buffer in
      var start = Self.lowerBound(of: key, in: buffer, separator)
      var line: ArraySlice<UInt8>?
      if Self.key(at: start, in: buffer, separator).elementsEqual(key) {
        let end = Self.lineEnd(start, in: buffer)
        line = ArraySlice(buffer[start..<end])
        start = min(end + 1, buffer.count)
      }
      return (line, Self.key(at: start, in: buffer, separator).starts(with: key + [0x20]))
    }
  }

  /// Where the first line begins whose key is not below; every probe goes to the start of the
  /// line that it falls into.
  private static func lowerBound(
    of key: [UInt8], in buffer: UnsafeRawBufferPointer, _ separator: UInt8
  ) -> Int {
    var low = 0
    var high = buffer.count
    while low < high {
      let middle = (low + high) / 2
      var start = middle
      while start > low, buffer[start - 1] != 0x0A { start -= 1 }
      if isBelow(key, lineAt: start, in: buffer, separator) {
        low = min(lineEnd(middle, in: buffer) + 1, buffer.count)
      } else {
        high = start
      }
    }
    return low
  }

  /// Whether a line's key comes before a key.
  private static func isBelow(
    _ key: [UInt8], lineAt start: Int, in buffer: UnsafeRawBufferPointer, _ separator: UInt8
  ) -> Bool {
    var place = start
    for byte in key {
      let found = place < buffer.count ? buffer[place] : 0x0A
      if found == separator || found == 0x0A { return true }
      if found != byte { return found < byte }
      place += 1
    }
    return false
  }

  private static func key(
    at start: Int, in buffer: UnsafeRawBufferPointer, _ separator: UInt8
  ) -> Slice<UnsafeRawBufferPointer> {
    var end = start
    while end < buffer.count, buffer[end] != separator, buffer[end] != 0x0A { end += 1 }
    return buffer[start..<end]
  }

  private static func lineEnd(_ start: Int, in buffer: UnsafeRawBufferPointer) -> Int {
    guard start < buffer.count, let base = buffer.baseAddress,
      let found = memchr(base + start, 0x0A, buffer.count - start)
    else { return buffer.count }
    return UnsafeRawPointer(found) - base
  }
}
