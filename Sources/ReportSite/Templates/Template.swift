/// A Mustache template, parsed: text with places to fill in.
///
/// Known are variables, escaped or not, sections, inverted sections, comments, partials and, from
/// Mustache's inheritance, `{{<parent}}` with `{{$blocks}}`. Delimiters cannot be changed.
struct Template: Sendable {
  /// A part of a template.
  enum Part: Sendable {
    case text([UInt8])
    case variable(Name, isEscaped: Bool)
    case section(Name, [Part])
    case inverted(Name, [Part])
    case partial(String, line: Int)
    case parent(String, blocks: [String: [Part]], line: Int)
    case block(String, [Part])
  }

  /// A dotted name; without steps it is `.`, the innermost value itself.
  struct Name: Sendable {
    let steps: [String]

    init(_ text: String) { steps = text == "." ? [] : text.split(separator: ".").map(String.init) }

    var text: String { steps.isEmpty ? "." : steps.joined(separator: ".") }
  }

  /// What is wrong with a template.
  struct Problem: Error, Equatable {
    let line: Int
    let reason: String
  }

  let parts: [Part]

  /// Parses a template.
  init(_ text: String) throws(Problem) {
    var parser = TemplateParser(text)
    parts = try parser.parts(until: nil)
  }

  /// Takes parts as they are.
  init(parts: [Part]) { self.parts = parts }
}
