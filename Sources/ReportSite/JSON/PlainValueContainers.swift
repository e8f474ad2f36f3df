/// The members of an object.
///
/// `encodeIfPresent` notes an empty optional as ``PlainValue/absent``, so that a template can tell
/// it from a name that does not exist.
struct KeyedValues<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: PlainValueEncoder
  var codingPath: [any CodingKey] { [] }

  private func add(_ value: PlainValue?, _ key: Key) {
    encoder.add(key.stringValue, value ?? .absent)
  }

  func encodeNil(forKey key: Key) { add(.null, key) }
  func encode(_ value: Bool, forKey key: Key) { add(.bool(value), key) }
  func encode(_ value: String, forKey key: Key) { add(.text(value), key) }
  func encode(_ value: Double, forKey key: Key) { add(.number(value), key) }
  func encode(_ value: Float, forKey key: Key) { add(.number(Double(value)), key) }
  func encode(_ value: Int, forKey key: Key) { add(.integer(value), key) }
  func encode(_ value: Int8, forKey key: Key) { add(.integer(Int(clamping: value)), key) }
  func encode(_ value: Int16, forKey key: Key) { add(.integer(Int(clamping: value)), key) }
  func encode(_ value: Int32, forKey key: Key) { add(.integer(Int(clamping: value)), key) }
  func encode(_ value: Int64, forKey key: Key) { add(.integer(Int(clamping: value)), key) }
  func encode(_ value: UInt, forKey key: Key) { add(.integer(Int(clamping: value)), key) }
  func encode(_ value: UInt8, forKey key: Key) { add(.integer(Int(clamping: value)), key) }
  func encode(_ value: UInt16, forKey key: Key) { add(.integer(Int(clamping: value)), key) }
  func encode(_ value: UInt32, forKey key: Key) { add(.integer(Int(clamping: value)), key) }
  func encode(_ value: UInt64, forKey key: Key) { add(.integer(Int(clamping: value)), key) }
  func encode(_ value: some Encodable, forKey key: Key) throws {
    add(try PlainValueEncoder.value(of: value), key)
  }

  func encodeIfPresent(_ value: Bool?, forKey key: Key) { add(value.map(PlainValue.bool), key) }
  func encodeIfPresent(_ value: String?, forKey key: Key) { add(value.map(PlainValue.text), key) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) { add(value.map(PlainValue.number), key) }
  func encodeIfPresent(_ value: Float?, forKey key: Key) {
    add(value.map { .number(Double($0)) }, key)
  }
  func encodeIfPresent(_ value: Int?, forKey key: Key) { add(value.map(PlainValue.integer), key) }
  func encodeIfPresent(_ value: Int8?, forKey key: Key) {
    add(value.map { .integer(Int(clamping: $0)) }, key)
  }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) {
    add(value.map { .integer(Int(clamping: $0)) }, key)
  }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) {
    add(value.map { .integer(Int(clamping: $0)) }, key)
  }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) {
    add(value.map { .integer(Int(clamping: $0)) }, key)
  }
  func encodeIfPresent(_ value: UInt?, forKey key: Key) {
    add(value.map { .integer(Int(clamping: $0)) }, key)
  }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) {
    add(value.map { .integer(Int(clamping: $0)) }, key)
  }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) {
    add(value.map { .integer(Int(clamping: $0)) }, key)
  }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) {
    add(value.map { .integer(Int(clamping: $0)) }, key)
  }
  func encodeIfPresent(_ value: UInt64?, forKey key: Key) {
    add(value.map { .integer(Int(clamping: $0)) }, key)
  }
  func encodeIfPresent(_ value: (some Encodable)?, forKey key: Key) throws {
    add(try value.map { try PlainValueEncoder.value(of: $0) }, key)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    encoder.nested(key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder.nested(key.stringValue).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder.nested("super") }
  func superEncoder(forKey key: Key) -> any Encoder { encoder.nested(key.stringValue) }
}

/// The elements of a list.
struct ListedValues: UnkeyedEncodingContainer {
  let encoder: PlainValueEncoder
  var codingPath: [any CodingKey] { [] }
  var count: Int { encoder.count }

  func encodeNil() { encoder.append(.null) }
  func encode(_ value: Bool) { encoder.append(.bool(value)) }
  func encode(_ value: String) { encoder.append(.text(value)) }
  func encode(_ value: Double) { encoder.append(.number(value)) }
  func encode(_ value: Float) { encoder.append(.number(Double(value))) }
  func encode(_ value: Int) { encoder.append(.integer(value)) }
  func encode(_ value: Int8) { encoder.append(.integer(Int(clamping: value))) }
  func encode(_ value: Int16) { encoder.append(.integer(Int(clamping: value))) }
  func encode(_ value: Int32) { encoder.append(.integer(Int(clamping: value))) }
  func encode(_ value: Int64) { encoder.append(.integer(Int(clamping: value))) }
  func encode(_ value: UInt) { encoder.append(.integer(Int(clamping: value))) }
  func encode(_ value: UInt8) { encoder.append(.integer(Int(clamping: value))) }
  func encode(_ value: UInt16) { encoder.append(.integer(Int(clamping: value))) }
  func encode(_ value: UInt32) { encoder.append(.integer(Int(clamping: value))) }
  func encode(_ value: UInt64) { encoder.append(.integer(Int(clamping: value))) }
  func encode(_ value: some Encodable) throws {
    encoder.append(try PlainValueEncoder.value(of: value))
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> { encoder.nested().container(keyedBy: type) }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    encoder.nested().unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder.nested() }
}

/// A value that is no object and no list.
struct SingleValue: SingleValueEncodingContainer {
  let encoder: PlainValueEncoder
  var codingPath: [any CodingKey] { [] }

  func encodeNil() { encoder.set(.null) }
  func encode(_ value: Bool) { encoder.set(.bool(value)) }
  func encode(_ value: String) { encoder.set(.text(value)) }
  func encode(_ value: Double) { encoder.set(.number(value)) }
  func encode(_ value: Float) { encoder.set(.number(Double(value))) }
  func encode(_ value: Int) { encoder.set(.integer(value)) }
  func encode(_ value: Int8) { encoder.set(.integer(Int(clamping: value))) }
  func encode(_ value: Int16) { encoder.set(.integer(Int(clamping: value))) }
  func encode(_ value: Int32) { encoder.set(.integer(Int(clamping: value))) }
  func encode(_ value: Int64) { encoder.set(.integer(Int(clamping: value))) }
  func encode(_ value: UInt) { encoder.set(.integer(Int(clamping: value))) }
  func encode(_ value: UInt8) { encoder.set(.integer(Int(clamping: value))) }
  func encode(_ value: UInt16) { encoder.set(.integer(Int(clamping: value))) }
  func encode(_ value: UInt32) { encoder.set(.integer(Int(clamping: value))) }
  func encode(_ value: UInt64) { encoder.set(.integer(Int(clamping: value))) }
  func encode(_ value: some Encodable) throws {
    encoder.set(try PlainValueEncoder.value(of: value))
  }
}
