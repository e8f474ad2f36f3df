import Foundation

/// What a site was built from: a line for each clip with a hash of everything that its pages depend
/// on and what was learnt of it. A part of the site, so that the next build finds it.
///
/// A line is `<clip> <inputs> <entry>`: two hashes in hexadecimal digits and a ``ClipEntry`` as JSON.
/// The last is that of the site as a whole, with what the first page says of each collection.
struct BuildManifest: Sendable {
  static let fileName = "manifest.txt"

  private let data: Data
  /// Where the lines are, by the first half of the clip's hash; a later line replaces an earlier.
  private let lines: [UInt64: Range<Int>]

  /// Reads a manifest; one that does not exist has no lines.
  init(path: String) {
    data = (try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)) ?? Data()
    lines = data.withUnsafeBytes { Self.lines(in: $0[...]) }
  }

  /// Reads only the last line of a manifest, that of the whole site: the others may be a hundred
  /// thousand.
  init(lastLineOf path: String) {
    data = (try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)) ?? Data()
    lines = data.withUnsafeBytes { bytes in
      let start = bytes.dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      return Self.lines(in: bytes[start...])
    }
  }

  /// What the line of a whole site begins with, in a clip's place.
  static let site = Digest.text(of: ["the site as a whole"])

  /// What a line says, and the line itself, if it was written for the same inputs.
  func value<Value: Decodable>(
    of clip: String, inputs: String
  ) -> (value: Value, line: [UInt8])? {
    guard let range = UInt64(clip.prefix(16), radix: 16).flatMap({ lines[$0] }) else { return nil }
    let line = data[range]
    let start = clip.utf8.count + 1 + inputs.utf8.count + 1
    guard line.count > start, line.prefix(start).elementsEqual("\(clip) \(inputs) ".utf8),
      let value = try? JSONDecoder().decode(Value.self, from: line.dropFirst(start))
    else { return nil }
    return (value, line + [UInt8(ascii: "\n")])
  }

  /// A line of a manifest.
  static func line(clip: String, inputs: String, _ entry: some Encodable) throws -> [UInt8] {
    var line = Array("\(clip) \(inputs) ".utf8)
    line += JSONWriter.bytes(of: try PlainValue(entry), style: .block)
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private static func lines(in bytes: Slice<UnsafeRawBufferPointer>) -> [UInt64: Range<Int>] {
    var lines: [UInt64: Range<Int>] = [:]
    guard let base = bytes.base.baseAddress else { return lines }
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = memchr(base + start, 0x0A, bytes.endIndex - start)
        .map { UnsafeRawPointer($0) - base }
      let line = start..<(end ?? bytes.endIndex)
      // A line without an end was being written when the build was killed.
      if end != nil, line.count > 16,
        let key = UInt64(String(decoding: bytes[start..<(start + 16)], as: UTF8.self), radix: 16)
      {
        lines[key] = line
      }
      start = line.upperBound + 1
    }
    return lines
  }
}
