import Foundation

/// A safetensors file made byte by byte, right or wrong, in a folder of its own.
final class TensorFile {
  /// One tensor of the file.
  struct Part {
    let name: String
    var dtype = "F32"
    let shape: [Int]
    let bytes: [UInt8]
  }

  let path: String
  private let folder: URL

  /// Writes bytes as they are.
  init(_ bytes: [UInt8]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "weights.safetensors").path
    try Data(bytes).write(to: URL(filePath: path))
  }

  /// Writes a header, and values after it.
  convenience init(header: String, values: [UInt8] = []) throws {
    try self.init(Self.bytes(header: header, values: values))
  }

  /// Writes tensors.
  convenience init(_ parts: [Part]) throws { try self.init(Self.bytes(of: parts)) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static func bytes(header: String, values: [UInt8]) -> [UInt8] {
    let count = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8)
      + values
  }

  static func bytes(of parts: [Part]) -> [UInt8] {
    var entries = [#""__metadata__":{"format":"test"}"#]
    var values: [UInt8] = []
    for part in parts {
      let end = values.count + part.bytes.count
      entries.append(
        #""\#(part.name)":{"dtype":"\#(part.dtype)","shape":\#(part.shape),"#
          + #""data_offsets":[\#(values.count),\#(end)]}"#)
      values += part.bytes
    }
    return bytes(header: "{" + entries.joined(separator: ",") + "}", values: values)
  }

  /// A part of values in single precision (F32), or in half (F16), for which they must be multiples
  /// of 1/64 up to 2.
  static func part(
    _ name: String, _ shape: [Int], _ values: [Float], type: String = "F32"
  ) -> Part {
    let size = type == "F16" ? 2 : 4
    let bytes = values.flatMap { value in
      let bits = size == 4 ? value.bitPattern : half(value)
      return (0..<size).map { UInt8(bits >> (8 * $0) & 255) }
    }
    return Part(name: name, dtype: type, shape: shape, bytes: bytes)
  }

  private static func half(_ value: Float) -> UInt32 {
    let bits = value.bitPattern
    let sign = bits >> 16 & 0x8000
    guard value.isFinite else { return sign | 0x7C00 | (value.isNaN ? 1 : 0) }
    return value == 0 ? sign : sign | ((bits >> 13 & 0x3FFFF) - (112 << 10))
  }
}
