import Foundation

/// The templates of a site.
struct PageTemplates: Sendable {
  /// The templates that are whole pages.
  static let pages = [
    "index", "clips", "collection", "list", "clip", "comparison", "results", "models", "queue",
    "methods", "confusions", "viewer", "single-file",
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
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      do { templates[name] = try Template(text) } catch {
        throw .badTemplate(
          path: "\(folder)/\(name).mustache", reason: "line \(error.line): \(error.reason)")
      }
    }
    let linker = TemplateLinker(templates: templates, folder: folder)
    linked = try Dictionary(
      uniqueKeysWithValues: Self.pages.map { (name) throws(SiteError) in
        (name, try linker.linked(name))
      })
    digest = Digest.text(of: texts.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
  }

  /// The page `name` filled with a view.
  func page(_ name: String, _ view: some Encodable) throws -> [UInt8] {
    guard let template = linked[name] else {
      throw SiteError.badTemplate(path: "\(folder)/\(name).mustache", reason: "it is missing")
    }
    return TemplateRenderer(template, view: try PlainValue(view)).bytes
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
