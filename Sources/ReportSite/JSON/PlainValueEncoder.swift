import Foundation

/// Takes encodable values apart.
///
/// The compiler writes the encoding, so this is as safe as `JSONEncoder` and, without its detour
/// over Foundation's types, several times as fast; a site spends most of its time here.
final class PlainValueEncoder: Encoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  /// What was encoded so far: an object or list grows in place, so that containers can share it.
  private enum Content {
    case nothing
    case single(PlainValue)
    case list([PlainValue])
    case object([PlainValue.Field])
  }

  private var content = Content.nothing

  /// Nested containers, which may still be written to, by their place in the list or object.
  private var open: [(place: Int, encoder: PlainValueEncoder)] = []

  /// Takes one value apart.
  static func value<Value: Encodable>(of value: Value) throws -> PlainValue {
    if Value.self == Date.self, let date = value as? Date { return .text(date.ISO8601Format()) }
    let encoder = PlainValueEncoder()
    try value.encode(to: encoder)
    return encoder.finished
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .nothing = content { content = .object([]) }
    return KeyedEncodingContainer(KeyedValues<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .nothing = content { content = .list([]) }
    return ListedValues(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleValue(encoder: self) }

  // MARK: For the containers

  private var finished: PlainValue {
    switch content {
    case .nothing: return .object([])
    case .single(let value): return value
    case .list(var elements):
      for (place, encoder) in open { elements[place] = encoder.finished }
      return .list(elements)
    case .object(var fields):
      for (place, encoder) in open { fields[place].value = encoder.finished }
      return .object(fields)
    }
  }

  /// Elements of the list so far.
  var count: Int { if case .list(let elements) = content { elements.count } else { 0 } }

  func set(_ value: PlainValue) { content = .single(value) }

  func append(_ value: PlainValue) {
    guard case .list(var elements) = content else { return }
    content = .nothing
    elements.append(value)
    content = .list(elements)
  }

  func add(_ name: String, _ value: PlainValue) {
    guard case .object(var fields) = content else { return }
    content = .nothing
    fields.append(PlainValue.Field(name: name, value: value))
    content = .object(fields)
  }

  /// An encoder for a nested value of a list.
  func nested() -> PlainValueEncoder {
    let encoder = PlainValueEncoder()
    open.append((count, encoder))
    append(.null)
    return encoder
  }

  /// An encoder for a nested value of an object.
  func nested(_ name: String) -> PlainValueEncoder {
    let encoder = PlainValueEncoder()
    if case .object(let fields) = content { open.append((fields.count, encoder)) }
    add(name, .null)
    return encoder
  }
}
