import Foundation
import Mustache

/// The templates of a site.
struct PageTemplates {
  /// The templates that are whole pages.
  static let pages = ["index", "collection", "list", "clip"]

  private let library: MustacheLibrary
  private let folder: String

  /// Reads and parses `*.mustache`.
  init(folder: String) async throws(SiteError) {
    // The library does not look into a folder behind a symbolic link.
    let folder = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    self.folder = folder
    do { library = try await MustacheLibrary(directory: folder) } catch {
      let named = error as? MustacheLibrary.ParserError
      throw .badTemplate(
        path: named.map { folder + "/" + $0.filename } ?? folder,
        reason: named.map { "line \($0.context.lineNumber): \($0.error)" } ?? "\(error)")
    }
    for name in Self.pages where library.getTemplate(named: name) == nil {
      throw .badTemplate(path: "\(folder)/\(name).mustache", reason: "it is missing")
    }
  }

  /// The page `name` filled with a view.
  func page(_ name: String, _ view: Any) throws(SiteError) -> Data {
    guard let text = library.render(view, withTemplate: name) else {
      throw .badTemplate(path: "\(folder)/\(name).mustache", reason: "it is missing")
    }
    return Data(text.utf8)
  }
}
