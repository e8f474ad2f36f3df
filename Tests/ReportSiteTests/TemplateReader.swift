import Foundation

/// Reads Mustache templates and looks their variables up in views, the way rendering does: in the
/// innermost section first.
struct TemplateReader {
  struct Unbalanced: Error {
    let tag: String
  }

  var texts: [String: String] = [:]

  init(folder: String) throws {
    for file in try FileManager.default.contentsOfDirectory(atPath: folder)
    where file.hasSuffix(".mustache") {
      texts[String(file.dropLast(9))] = try String(
        contentsOfFile: folder + "/" + file, encoding: .utf8)
    }
  }

  /// The variables and partials of a template that do not exist, in order of appearance.
  func unknownVariables(in name: String, view: Any) throws -> [String] {
    var unknown: [String] = []
    try check(name, stack: [view], &unknown)
    return unknown
  }

  private func check(_ name: String, stack: [Any], _ unknown: inout [String]) throws {
    guard let text = texts[name] else {
      unknown.append("> " + name)
      return
    }
    var tags = Self.tags(of: text)[...]
    try walk(&tags, stack: stack, until: nil, &unknown)
  }

  private func walk(
    _ tags: inout ArraySlice<String>, stack: [Any], until end: String?, _ unknown: inout [String]
  ) throws {
    while let tag = tags.popFirst() {
      let name = tag.dropFirst().trimmingCharacters(in: .whitespaces)
      switch tag.first {
      case "/":
        guard name == end else { throw Unbalanced(tag: tag) }
        return
      case ">": try check(name, stack: stack, &unknown)
      case "<":
        try check(name, stack: stack, &unknown)
        try walk(&tags, stack: stack, until: name, &unknown)
      case "$": try walk(&tags, stack: stack, until: name, &unknown)
      case "#", "^":
        let inner = tag.first == "#" ? Self.sample(lookUp(name, stack, &unknown)) : nil
        if tag.first == "^" { _ = lookUp(name, stack, &unknown) }
        try walk(&tags, stack: stack + (inner.map { [$0] } ?? []), until: name, &unknown)
      case "!", "%": break
      default: _ = lookUp(tag.trimmingCharacters(in: ["{", "}", "&", " "]), stack, &unknown)
      }
    }
    if let end { throw Unbalanced(tag: end) }
  }

  /// The value of a dotted name; noted as unknown when no level of the stack has it.
  private func lookUp(_ name: String, _ stack: [Any], _ unknown: inout [String]) -> Any? {
    if name == "." { return stack.last }
    let parts = name.split(separator: ".").map(String.init)
    for level in stack.reversed() {
      guard let first = Self.child(parts[0], of: level) else { continue }
      var value: Any? = first
      for part in parts.dropFirst() { value = value.flatMap { Self.child(part, of: $0) } }
      if let value { return value }
    }
    unknown.append(name)
    return nil
  }

  private static func child(_ name: String, of value: Any) -> Any? {
    Mirror(reflecting: sample(value) ?? value).children.first { $0.label == name }?.value
  }

  /// What a section of a value is about: the element of a list, the content of an optional.
  private static func sample(_ value: Any?) -> Any? {
    guard let value else { return nil }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return sample(mirror.children.first?.value)
    case .collection:
      // The element that has the most: one without an empty optional, if there is one.
      return mirror.children.map(\.value).max { filled($0) < filled($1) }
    default: return value
    }
  }

  private static func filled(_ value: Any) -> Int {
    Mirror(reflecting: value).children.count { child in
      let mirror = Mirror(reflecting: child.value)
      let holds = mirror.displayStyle == .optional || mirror.displayStyle == .collection
      return !holds || !mirror.children.isEmpty
    }
  }

  /// The tags of a template, without their braces.
  private static func tags(of text: String) -> [String] {
    text.components(separatedBy: "{{").dropFirst().compactMap { piece in
      piece.components(separatedBy: "}}").first
    }
  }
}
