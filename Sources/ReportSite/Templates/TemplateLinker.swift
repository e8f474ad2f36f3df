/// Puts partials and parents into the templates that name them, so that a name that does not exist
/// is found when templates are read, not on a page.
struct TemplateLinker {
  let templates: [String: Template]

  /// Where they were read, for errors.
  let folder: String

  /// A template in which no partial, parent or block is left.
  ///
  /// - Parameter name: The template.
  /// - Returns: The linked template.
  /// - Throws: ``SiteError/badTemplate(path:reason:)``.
  func linked(_ name: String) throws(SiteError) -> Template {
    guard let template = templates[name] else {
      throw .badTemplate(path: path(of: name), reason: "it is missing")
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
        var all = blocks
        for (block, parts) in inner where all[block] == nil {
          all[block] = try link(parts, in: path, blocks)
        }
        linked += try include(name, on: line, in: path, all)
      }
    }
    return linked
  }

  private func include(
    _ name: String, on line: Int, in path: [String], _ blocks: [String: [Template.Part]]
  ) throws(SiteError) -> [Template.Part] {
    let file = self.path(of: path.last ?? "")
    guard let template = templates[name] else {
      throw .badTemplate(path: file, reason: "line \(line): there is no \(name).mustache")
    }
    if path.contains(name) {
      throw .badTemplate(path: file, reason: "line \(line): \(name).mustache contains itself")
    }
    return try link(template.parts, in: path + [name], blocks)
  }

  private func path(of name: String) -> String { "\(folder)/\(name).mustache" }
}
