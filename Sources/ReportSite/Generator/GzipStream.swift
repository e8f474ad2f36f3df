import CZlib

/// A compressed file (RFC 1952) that is written piece by piece, as members of a megabyte each: readers
/// take them as one file, and the same content gives the same bytes.
final class GzipStream {
  private static let memberBytes = 1 << 20

  private let file: FileStream
  private var buffer: [UInt8] = []

  /// Makes the file.
  init(_ relative: String, in folder: SiteFolder) throws(SiteError) {
    file = try FileStream(relative, in: folder)
  }

  /// Appends bytes.
  func write(_ bytes: some Sequence<UInt8>) throws(SiteError) {
    buffer += bytes
    if buffer.count >= Self.memberBytes { try endMember() }
  }

  /// Ends the file.
  func finish() throws(SiteError) {
    try endMember()
    try file.flush()
  }

  private func endMember() throws(SiteError) {
    func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } }
    let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    let sum = crc32(0, buffer, UInt32(buffer.count))
    try file.write(
      head + Deflated.bytes(buffer) + number(UInt32(truncatingIfNeeded: sum))
        + number(UInt32(buffer.count)))
    buffer.removeAll(keepingCapacity: true)
  }
}
