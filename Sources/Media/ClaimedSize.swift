/// How large a Matroska or WebM file says that it is: one that is smaller was cut off.
enum ClaimedSize {
  /// What has to be read of a file to know.
  static let needed = 256

  /// Looks at a file's first bytes: a header, then the segment that is all the rest.
  ///
  /// - Parameter start: ``needed`` bytes, or all of a shorter file.
  /// - Returns: Bytes; nil for other containers, and for what was streamed, whose size was not known.
  static func bytes(startingWith start: [UInt8]) -> Int? {
    guard start.starts(with: [0x1A, 0x45, 0xDF, 0xA3]), let header = number(start, at: 4)
    else { return nil }
    let segment = header.end + header.value
    guard segment >= 0, segment + 4 < start.count,
      start[segment..<segment + 4].elementsEqual([0x18, 0x53, 0x80, 0x67]),
      let size = number(start, at: segment + 4)
    else { return nil }
    return size.end + size.value
  }

  /// EBML's numbers: as many zero bits as bytes follow, a one, and the value; all ones stand for unknown.
  private static func number(_ bytes: [UInt8], at place: Int) -> (value: Int, end: Int)? {
    guard place < bytes.count else { return nil }
    let more = bytes[place].leadingZeroBitCount
    let end = place + more + 1
    guard more < 8, end <= bytes.count else { return nil }
    let first = Int(bytes[place]) & (0x7F >> more)
    let value = bytes[place + 1..<end].reduce(first) { $0 << 8 | Int($1) }
    return value == 1 << (7 * (more + 1)) - 1 ? nil : (value, end)
  }
}
