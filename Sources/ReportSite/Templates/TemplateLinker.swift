/// Puts partials and parents into the templates that name them, so that a name that does not exist
/// is found when templates are read, not on a page.
struct TemplateLinker {
  let templates: [String: Template]

  /// A template in which no partial, parent or block is left.
  ///
  /// - Parameter name: The template.
  /// - Returns: The linked template.
  /// - Throws: ``SiteError/badTemplate(path:reason:)`` with the name of the file as its path.
  func linked(_ name: String) throws(SiteError) -> Template {
    guard let template = templates[name] else {
      throw .badTemplate(path: name + ".mustache", reason: "it is missing")
    }
    return Template(parts: try link(template.parts, in: [name], [:]))
  }

  private func link(
    _ parts: [Template.Part], in path: [String], _ blocks: [String: [Template.Part]]
  ) throws(SiteError) -> [Template.Part] {
    var linked: [Template.Part] = []
    for part in parts {
      switch part {
      case .text, .variable: linked.append(part)
      case .section(let name, let inner):
        linked.append(.section(name, try link(inner, in: path, blocks)))
      case .inverted(let name, let inner):
        linked.append(.inverted(name, try link(inner, in: path, blocks)))
      case .block(let name, let inner):
        linked += try link(blocks[name] ?? inner, in: path, blocks)
      case .partial(let name, let line):
        linked += try include(name, on: line, in: path, blocks)
      case .parent(let name, let inner, let line):
        // A block of a page replaces the block of the same name in its parent, and in the parent's.
        let own = try inner.mapValuesThrowing { (parts) throws(SiteError) in
          try link(parts, in: path, blocks)
        }
        linked += try include(name, on: line, in: path, own.merging(blocks) { $1 })
      }
    }
    return linked
  }

  private func include(
    _ name: String, on line: Int, in path: [String], _ blocks: [String: [Template.Part]]
  ) throws(SiteError) -> [Template.Part] {
    let file = (path.last ?? "") + ".mustache"
    guard let template = templates[name] else {
      throw .badTemplate(path: file, reason: "line \(line): there is no \(name).mustache")
    }
    if path.contains(name) {
      throw .badTemplate(path: file, reason: "line \(line): \(name).mustache contains itself")
    }
    return try link(template.parts, in: path + [name], blocks)
  }
}

extension Dictionary {
  fileprivate func mapValuesThrowing<Result, Failure: Error>(
    _ transform: (Value) throws(Failure) -> Result
  ) throws(Failure) -> [Key: Result] {
    var result: [Key: Result] = [:]
    for (key, value) in self { result[key] = try transform(value) }
    return result
  }
}
