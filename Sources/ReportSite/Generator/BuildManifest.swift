import Foundation

/// What a site was built from: a line for each clip with a hash of everything that its pages depend
/// on and what was learnt of it. A part of the site, so that the next build finds it.
///
/// A line is `<clip> <inputs> <entry>`: two hashes in hexadecimal digits and a ``ClipEntry`` as JSON.
/// The last is that of the site as a whole, with what the first page says of each collection.
struct BuildManifest: Sendable {
  static let fileName = "manifest.txt"

  private let file: ManifestFile?
  /// Where the lines are, by the first half of the clip's hash; a later line replaces an earlier.
  private let lines: [UInt64: Range<Int>]

  /// Finds the lines of a manifest; one that does not exist has none.
  init(path: String) {
    file = ManifestFile(path)
    var lines: [UInt64: Range<Int>] = [:]
    file?.forEachLine { key, range in lines[key] = range }
    self.lines = lines
  }

  /// Finds only the last line of a manifest, that of the whole site: the others may be a hundred
  /// thousand.
  init(lastLineOf path: String) {
    file = ManifestFile(path)
    var lines: [UInt64: Range<Int>] = [:]
    file?.forEachLine(from: file?.lastLine ?? 0) { key, range in lines[key] = range }
    self.lines = lines
  }

  /// What the line of a whole site begins with, in a clip's place.
  static let site = Digest.text(of: ["the site as a whole"])

  /// What a line says, and the line itself, if it was written for the same inputs.
  func value<Value: Decodable>(
    of clip: String, inputs: String
  ) -> (value: Value, line: [UInt8])? {
    guard let range = UInt64(clip.prefix(16), radix: 16).flatMap({ lines[$0] }),
      let line = file?.bytes(range.lowerBound..<(range.upperBound + 1))
    else { return nil }
    let start = clip.utf8.count + 1 + inputs.utf8.count + 1
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    guard line.count > start + 1, line.prefix(start).elementsEqual("\(clip) \(inputs) ".utf8),
      let value = try? decoder.decode(Value.self, from: Data(line[start...]))
    else { return nil }
    return (value, line)
  }

  /// Whether a clip has a line, whatever it was written for.
  func knows(_ clip: String) -> Bool {
    UInt64(clip.prefix(16), radix: 16).map { lines[$0] != nil } ?? false
  }

  /// A line by which nothing can be taken over: the clip's files are about to be replaced.
  static func undone(clip: String) -> [UInt8] { Array("\(clip) replaced\n".utf8) }

  /// A line of a manifest.
  static func line(clip: String, inputs: String, _ entry: some Encodable) throws -> [UInt8] {
    var line = Array("\(clip) \(inputs) ".utf8)
    line += JSONWriter.bytes(of: try PlainValue(entry), style: .block)
    line.append(UInt8(ascii: "\n"))
    return line
  }
}

/// A manifest's file, read piece by piece: mapped into memory, it would count as memory.
private final class ManifestFile: Sendable {
  private static let piece = 1 << 20

  private let file: Int32

  init?(_ path: String) {
    file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 { return nil }
  }

  deinit { close(file) }

  /// Some bytes; nil when the file has not got them.
  func bytes(_ range: Range<Int>) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      count = max(0, pread(file, buffer.baseAddress, range.count, off_t(range.lowerBound)))
    }
    return bytes.count == range.count ? bytes : nil
  }

  /// Where the last line begins.
  var lastLine: Int {
    var status = stat()
    guard fstat(file, &status) == 0, status.st_size > 1 else { return 0 }
    var end = Int(status.st_size) - 1
    while end > 0 {
      let start = max(0, end - Self.piece)
      guard let piece = bytes(start..<end) else { return 0 }
      if let last = piece.lastIndex(of: UInt8(ascii: "\n")) { return start + last + 1 }
      end = start
    }
    return 0
  }

  /// Calls `body` with the number that each line begins with, and where the line is, its end left
  /// out. A line without an end was being written when the build was killed.
  func forEachLine(from first: Int = 0, _ body: (UInt64, Range<Int>) -> Void) {
    var (offset, size) = (first, Self.piece)
    while true {
      let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = max(0, pread(file, buffer.baseAddress, size, off_t(offset)))
      }
      var start = 0
      bytes.withUnsafeBytes { bytes in
        while let base = bytes.baseAddress, start < bytes.count,
          let found = memchr(base + start, 0x0A, bytes.count - start)
        {
          let end = UnsafeRawPointer(found) - base
          if end - start > 16,
            let key = UInt64(
              String(decoding: bytes[start..<(start + 16)], as: UTF8.self), radix: 16)
          {
            body(key, (offset + start)..<(offset + end))
          }
          start = end + 1
        }
      }
      if start == 0 && bytes.count < size { return }
      if start == 0 { size *= 2 }
      offset += start
    }
  }
}
