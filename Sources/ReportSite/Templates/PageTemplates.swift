import Foundation
import Mustache

/// The templates of a site.
struct PageTemplates: Sendable {
  /// The templates that are whole pages.
  static let pages = [
    "index", "clips", "collection", "list", "clip", "comparison", "results", "models", "queue",
    "methods", "confusions", "viewer", "single-file",
  ]

  /// Changes when any template does.
  let digest: String

  private let library: MustacheLibrary
  private let folder: String

  /// Reads and parses `*.mustache`.
  ///
  /// - Throws: ``SiteError/badTemplate(path:reason:)`` for a template that is missing, does not
  ///   parse, names a partial that does not exist or does not begin with ``HTMLText/pragma``.
  init(folder: String) throws(SiteError) {
    self.folder = folder
    HTMLText.register()
    let texts = try Self.texts(in: folder)
    var library = MustacheLibrary()
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      let path = "\(folder)/\(name).mustache"
      do { try library.register(text, named: name) } catch {
        throw .badTemplate(path: path, reason: Self.reason(error))
      }
      guard text.hasPrefix(HTMLText.pragma) else {
        throw .badTemplate(path: path, reason: "it does not begin with \(HTMLText.pragma)")
      }
      if let missing = Self.included(in: text).first(where: { texts[$0] == nil }) {
        throw .badTemplate(path: path, reason: "there is no \(missing).mustache")
      }
    }
    for name in Self.pages where texts[name] == nil {
      throw .badTemplate(path: "\(folder)/\(name).mustache", reason: "it is missing")
    }
    self.library = library
    digest = Digest.text(of: texts.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
  }

  /// The page `name` filled with a view.
  func page(_ name: String, _ view: some Encodable) throws -> [UInt8] {
    guard let text = library.render(try PlainValue(view), withTemplate: name) else {
      throw SiteError.badTemplate(path: "\(folder)/\(name).mustache", reason: "it is missing")
    }
    return Array(text.utf8)
  }

  /// The partials and parents that a template names.
  private static func included(in text: String) -> [String] {
    text.matches(of: /\{\{[<>]\s*([^\s}]+)\s*\}\}/).map { String($0.1) }
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? MustacheTemplate.ParserError else { return "\(error)" }
    return "line \(error.context.lineNumber): \(error.error)"
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
