import Foundation

/// What a safetensors file says about its tensors, checked against the file's size.
///
/// Format: 8 bytes with the header's length (little endian), the header as JSON, then all values;
/// offsets count from the first value. See https://huggingface.co/docs/safetensors.
struct SafetensorsHeader {
  /// Type, sizes and place of one tensor.
  struct Entry: Decodable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    private enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  /// Longer headers are refused, as the reference implementation does.
  private static let longest = 100_000_000

  /// What each tensor is.
  private(set) var entries: [String: Entry] = [:]

  /// Where the values begin, in bytes from the start of the file.
  let valuesStart: Int

  /// Reads the header at the start of a file.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(WeightsError) {
    guard bytes.count >= 8 else {
      throw .malformed(file: file, reason: "\(bytes.count) bytes are no safetensors file")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(Self.longest), Int(length) <= bytes.count - 8 else {
      throw .malformed(
        file: file,
        reason: "its header should have \(length) bytes, but \(bytes.count - 8) follow")
    }
    valuesStart = 8 + Int(length)
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: Data(bytes[8..<valuesStart]))
    } catch {
      throw .malformed(file: file, reason: "its header is not the JSON of a safetensors file")
    }
    entries = document.entries
    try check(size: bytes.count - valuesStart, file: file)
  }

  /// Each tensor has as many bytes as its shape needs, and all together fill the file exactly.
  private func check(size: Int, file: String) throws(WeightsError) {
    var end = 0
    for (name, entry) in entries.sorted(by: { $0.value.order < $1.value.order }) {
      guard entry.offsets.count == 2, entry.start <= entry.end else {
        throw .malformed(file: file, reason: "“\(name)” has no range of bytes")
      }
      guard entry.start == end else {
        throw .malformed(file: file, reason: "“\(name)” overlaps its neighbour or leaves a gap")
      }
      guard entry.end <= size else {
        throw .malformed(file: file, reason: "“\(name)” reaches beyond the end of the file")
      }
      guard entry.end - entry.start == entry.byteCount else {
        throw .malformed(
          file: file,
          reason: "“\(name)” has \(entry.end - entry.start) bytes for the shape \(entry.shape)")
      }
      end = entry.end
    }
    guard end == size else {
      throw .malformed(file: file, reason: "\(size - end) bytes belong to no tensor")
    }
  }

  /// The header's JSON: one entry for each tensor, and `__metadata__`, which is of no use here.
  private struct Document: Decodable {
    var entries: [String: Entry] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for key in container.allKeys where key.stringValue != "__metadata__" {
        entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
      }
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension SafetensorsHeader.Entry {
  /// The first byte, or -1 without a range, so that it is looked at first.
  var start: Int { offsets.first ?? -1 }

  /// One past the last byte.
  var end: Int { offsets.last ?? -1 }

  /// First byte, then last: an empty tensor comes before its neighbour.
  var order: (Int, Int) { (start, end) }

  /// How many values the shape stands for; nil when a size is negative or the count too large.
  var count: Int? {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  /// Bytes that the shape and the type need; nil when they cannot be counted.
  var byteCount: Int? {
    let sizes = [
      "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "U16": 2, "I16": 2, "F16": 2,
      "BF16": 2, "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8,
    ]
    guard let size = sizes[dtype], let count else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    return overflow ? nil : bytes
  }
}
