/// A value without its type: what a template fills in and what a JSON document is written from.
enum PlainValue: Sendable {
  /// A member of an object.
  struct Field: Sendable {
    let name: String
    var value: PlainValue
  }

  /// An optional member that holds nothing: known to templates, left out of JSON.
  case absent
  /// Nothing, where something must stand, for example in a list.
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([PlainValue])
  /// Members in the order in which they were encoded.
  case object([Field])

  /// The members and elements of an encodable value.
  ///
  /// - Throws: What the value's own encoding throws.
  init(_ value: some Encodable) throws { self = try PlainValueEncoder.value(of: value) }

  /// A member of an object; nil when it has none of that name.
  subscript(name: String) -> PlainValue? {
    guard case .object(let fields) = self else { return nil }
    for field in fields where field.name == name { return field.value }
    return nil
  }

  /// Whether a template's section is shown for it: everything but nothing, false and empty lists.
  var isShown: Bool {
    switch self {
    case .absent, .null, .bool(false): false
    case .list(let elements): !elements.isEmpty
    default: true
    }
  }
}
