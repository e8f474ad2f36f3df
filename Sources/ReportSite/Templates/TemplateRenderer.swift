/// Fills a linked template with a view.
struct TemplateRenderer {
  private(set) var bytes: [UInt8] = []

  /// What sections are about, innermost last.
  private var levels: [PlainValue]

  /// Renders a template.
  init(_ template: Template, view: PlainValue) {
    levels = [view]
    bytes.reserveCapacity(64 << 10)
    render(template.parts)
  }

  private mutating func render(_ parts: [Template.Part]) {
    for part in parts {
      switch part {
      case .text(let text): bytes += text
      case .variable(let name, let isEscaped): append(value(of: name), isEscaped: isEscaped)
      case .section(let name, let inner): render(inner, about: value(of: name))
      case .inverted(let name, let inner): if !value(of: name).isShown { render(inner) }
      case .block(_, let inner): render(inner)
      case .partial, .parent: preconditionFailure("the template was not linked")
      }
    }
  }

  private mutating func render(_ parts: [Template.Part], about value: PlainValue) {
    guard case .list(let elements) = value else {
      if value.isShown { render(parts, inside: value) }
      return
    }
    for element in elements { render(parts, inside: element) }
  }

  private mutating func render(_ parts: [Template.Part], inside value: PlainValue) {
    levels.append(value)
    render(parts)
    levels.removeLast()
  }

  /// The value of a name: of the innermost level that has its first step, be it empty.
  private func value(of name: Template.Name) -> PlainValue {
    guard let first = name.steps.first else { return levels[levels.count - 1] }
    for level in levels.reversed() {
      guard let value = level[first] else { continue }
      return name.steps.dropFirst().reduce(value) { $0[$1] ?? .absent }
    }
    return .absent
  }

  private mutating func append(_ value: PlainValue, isEscaped: Bool) {
    switch value {
    case .absent, .null, .list, .object: return
    case .bool(let value): bytes += value.description.utf8
    case .integer(let value): bytes += value.description.utf8
    case .number(let value): bytes += value.description.utf8
    case .text(let text):
      if isEscaped { HTMLText.append(text, to: &bytes) } else { bytes += text.utf8 }
    }
  }
}
