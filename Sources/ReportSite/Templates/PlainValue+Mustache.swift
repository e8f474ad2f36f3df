import Mustache

/// Views are looked up by name, not by reflection, which took most of a build.
extension PlainValue: MustacheParent {
  /// A member as Mustache knows it; nil when there is none of that name, so that the sections around
  /// are asked. A member that holds nothing is there and empty.
  func child(named name: String) -> Any? { self[name]?.rendered }

  /// The value as Mustache knows it.
  private var rendered: Any {
    switch self {
    case .absent, .null: Nothing()
    case .bool(let value): value
    case .integer(let value): value
    case .number(let value): value
    case .text(let text): text
    case .list(let elements): elements.map(\.rendered)
    case .object: self
    }
  }

  /// What an optional without a value becomes.
  private struct Nothing: MustacheCustomRenderable {
    var renderText: String { "" }
    var isNull: Bool { true }
  }
}
