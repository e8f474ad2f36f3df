import Mustache

/// Views are looked up by name, not by reflection, which took most of a build; a value says itself
/// how it is written, which saves Mustache from asking what else it might be.
extension PlainValue: MustacheParent, MustacheCustomRenderable {
  /// A member as Mustache knows it; nil when there is none of that name, so that the sections around
  /// are asked. A member that holds nothing is there and empty.
  func child(named name: String) -> Any? {
    switch self[name] {
    case nil: nil
    case .bool(let value): value
    case .list(let elements): elements
    case let value?: value
    }
  }

  /// The value as text; empty for what is no text or number.
  var renderText: String {
    switch self {
    case .bool(let value): value.description
    case .integer(let value): value.description
    case .number(let value): value.description
    case .text(let text): text
    case .absent, .null, .list, .object: ""
    }
  }

  /// Whether there is nothing.
  var isNull: Bool {
    switch self {
    case .absent, .null: true
    default: false
    }
  }
}
