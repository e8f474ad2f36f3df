/// Fills a linked template with a view.
struct TemplateRenderer {
  private(set) var bytes: [UInt8] = []

  /// Names that no level of the view has.
  private(set) var unknown: Set<String> = []

  /// What sections are about, innermost last.
  private var levels: [PlainValue]

  /// Renders a template.
  init(_ template: Template, view: PlainValue) {
    levels = [view]
    bytes.reserveCapacity(16 << 10)
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
    guard value.isShown else { return }
    let elements = if case .list(let elements) = value { elements } else { [value] }
    for element in elements {
      levels.append(element)
      render(parts)
      levels.removeLast()
    }
  }

  /// The value of a name: of the innermost level that has its first step.
  private mutating func value(of name: Template.Name) -> PlainValue {
    guard let first = name.steps.first else { return levels[levels.count - 1] }
    for level in levels.indices.reversed() {
      guard var value = levels[level][first] else { continue }
      for step in name.steps.dropFirst() {
        guard let member = value[step] else {
          if value.isShown { unknown.insert(name.text) }
          return .absent
        }
        value = member
      }
      return value
    }
    unknown.insert(name.text)
    return .absent
  }

  private mutating func append(_ value: PlainValue, isEscaped: Bool) {
    switch value {
    case .absent, .null, .list, .object: return
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += value.description.utf8
    case .number(let value): bytes += value.description.utf8
    case .text(let text):
      if isEscaped { HTMLText.append(text, to: &bytes) } else { bytes += text.utf8 }
    }
  }
}

/// Text in HTML.
enum HTMLText {
  /// Appends text for an element or a quoted attribute.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { units in
      var start = 0
      for index in units.indices {
        guard let escape = escape(of: units[index]) else { continue }
        bytes.append(contentsOf: units[start..<index])
        escape.withUTF8Buffer { bytes.append(contentsOf: $0) }
        start = index + 1
      }
      if start < units.count { bytes.append(contentsOf: units[start...]) }
    }
  }

  private static func escape(of unit: UInt8) -> StaticString? {
    switch unit {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
  }
}
