/// Values one behind the other as bytes, for a ``Spool``.
package struct ByteRecord {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Forgets everything, to be used again.
  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  package mutating func append(_ value: Int32) { append(raw: value) }

  package mutating func append(_ value: Int) { append(raw: Int64(value)) }

  package mutating func append(_ value: Double) { append(raw: value.bitPattern) }

  /// Appends a value that may be missing; NaN stands for that, and is no figure.
  package mutating func append(_ value: Double?) { append(value ?? .nan) }

  package mutating func append(_ text: String) {
    append(Int32(text.utf8.count))
    bytes += text.utf8
  }

  package mutating func append(_ values: [Int32]) {
    append(Int32(values.count))
    values.withUnsafeBytes { bytes += $0 }
  }

  private mutating func append(raw value: some BitwiseCopyable) {
    withUnsafeBytes(of: value) { bytes += $0 }
  }
}

/// Reads what a ``ByteRecord`` wrote, in the same order.
package struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  /// Whether something is left to be read.
  package var hasMore: Bool { place < bytes.count }

  /// - Parameter bytes: The record; it must outlive the reader.
  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package mutating func int32() -> Int32 { take(Int32.self) }

  package mutating func int() -> Int { Int(take(Int64.self)) }

  package mutating func double() -> Double { Double(bitPattern: take(UInt64.self)) }

  package mutating func optionalDouble() -> Double? {
    let value = double()
    return value.isNaN ? nil : value
  }

  package mutating func text() -> String {
    let count = Int(int32())
    defer { place += count }
    return String(decoding: bytes[place..<(place + count)], as: UTF8.self)
  }

  package mutating func int32s() -> [Int32] {
    let count = Int(int32())
    defer { place += count * 4 }
    let start = place
    return [Int32](unsafeUninitializedCapacity: count) { values, filled in
      UnsafeMutableRawBufferPointer(values).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count * 4)]))
      filled = count
    }
  }

  private mutating func take<Value: BitwiseCopyable>(_ type: Value.Type) -> Value {
    defer { place += MemoryLayout<Value>.size }
    return bytes.loadUnaligned(fromByteOffset: place, as: type)
  }
}
