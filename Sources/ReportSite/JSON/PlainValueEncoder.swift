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
    case list([Element])
    case object([(name: String, value: Element)])
  }

  /// A finished value, or one whose container may still be written to.
  private enum Element {
    case value(PlainValue)
    case open(PlainValueEncoder)

    var finished: PlainValue {
      switch self {
      case .value(let value): value
      case .open(let encoder): encoder.finished
      }
    }
  }

  private var content = Content.nothing

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
    case .nothing: .object([])
    case .single(let value): value
    case .list(let elements): .list(elements.map(\.finished))
    case .object(let members):
      .object(members.map { PlainValue.Field(name: $0.name, value: $0.value.finished) })
    }
  }

  /// Elements of the list so far.
  var count: Int { if case .list(let elements) = content { elements.count } else { 0 } }

  func set(_ value: PlainValue) { content = .single(value) }

  func append(_ value: PlainValue) { append(.value(value)) }

  func add(_ name: String, _ value: PlainValue) { add(name, .value(value)) }

  /// An encoder for a nested value of a list.
  func nested() -> PlainValueEncoder {
    let encoder = PlainValueEncoder()
    append(.open(encoder))
    return encoder
  }

  /// An encoder for a nested value of an object.
  func nested(_ name: String) -> PlainValueEncoder {
    let encoder = PlainValueEncoder()
    add(name, .open(encoder))
    return encoder
  }

  private func append(_ element: Element) {
    guard case .list(var elements) = content else { return }
    content = .nothing
    elements.append(element)
    content = .list(elements)
  }

  private func add(_ name: String, _ element: Element) {
    guard case .object(var members) = content else { return }
    content = .nothing
    members.append((name, element))
    content = .object(members)
  }
}
