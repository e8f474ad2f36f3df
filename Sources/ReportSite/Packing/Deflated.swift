import CZlib
import Foundation

/// Compression that browsers undo by themselves (`DecompressionStream("deflate-raw")`, RFC 1951).
enum Deflated {
  /// A value as JSON, compressed and in base 64, which needs no escape in a script.
  static func text(_ value: some Encodable) throws -> String {
    let json = JSONWriter.bytes(of: try PlainValue(value), style: .block)
    return Data(bytes(json)).base64EncodedString()
  }

  /// The compressed bytes.
  static func bytes(_ bytes: [UInt8]) -> [UInt8] {
    let room = czlib_bound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: room) { target, count in
      count = czlib_deflate(bytes, bytes.count, target.baseAddress, room, 6)
      precondition(count > 0, "\(bytes.count) bytes cannot be compressed: no memory")
    }
  }
}
