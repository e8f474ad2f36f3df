import Foundation

/// The templates of a site.
struct PageTemplates: Sendable {
  /// The templates that are whole pages.
  static let pages = [
    "index", "collection", "list", "clip", "comparison", "results", "models", "queue", "methods",
    "confusions",
  ]

  /// Changes when any template does.
  let digest: String

  private let linked: [String: Template]
  private let folder: String

  /// Reads, parses and links `*.mustache`.
  ///
  /// - Throws: ``SiteError/badTemplate(path:reason:)`` for a template that is missing, does not
  ///   parse or names a partial that does not exist.
  init(folder: String) throws(SiteError) {
    self.folder = folder
    let texts = try Self.texts(in: folder)
    var templates: [String: Template] = [:]
    for (name, text) in texts {
      do { templates[name] = try Template(text) } catch {
        throw .badTemplate(
          path: "\(folder)/\(name).mustache", reason: "line \(error.line): \(error.reason)")
      }
    }
    let linker = TemplateLinker(templates: templates)
    var linked: [String: Template] = [:]
    for name in Set(Self.pages).union(texts.keys).sorted() {
      do { linked[name] = try linker.linked(name) } catch {
        guard case .badTemplate(let file, let reason) = error else { throw error }
        throw .badTemplate(path: folder + "/" + file, reason: reason)
      }
    }
    self.linked = linked
    digest = Digest.text(of: texts.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
  }

  /// The page `name` filled with a view.
  func page(_ name: String, _ view: some Encodable) throws -> [UInt8] {
    try rendered(name, view).bytes
  }

  /// The names in the page `name` that a view does not have; for tests.
  func unknownNames(in name: String, _ view: some Encodable) throws -> [String] {
    try rendered(name, view).unknown.sorted()
  }

  private func rendered(_ name: String, _ view: some Encodable) throws -> TemplateRenderer {
    guard let template = linked[name] else {
      throw SiteError.badTemplate(path: "\(folder)/\(name).mustache", reason: "it is missing")
    }
    return TemplateRenderer(template, view: try PlainValue(view))
  }

  private static func texts(in folder: String) throws(SiteError) -> [String: String] {
    var texts: [String: String] = [:]
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for file in files where file.hasSuffix(".mustache") {
      let path = folder + "/" + file
      do {
        texts[String(file.dropLast(9))] = try String(contentsOfFile: path, encoding: .utf8)
      } catch { throw .badTemplate(path: path, reason: "it cannot be read as text") }
    }
    return texts
  }
}
