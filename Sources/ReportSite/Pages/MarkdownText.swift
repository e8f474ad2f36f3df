import CCMark
import Foundation

/// Markdown as HTML.
enum MarkdownText {
  /// Renders Markdown; raw HTML and links that could run something are left out.
  ///
  /// Pictures are left out too: a page of the site loads nothing from elsewhere. Headings start
  /// below those of the page.
  static func html(_ markdown: String) -> String {
    MarkdownTables.blocks(of: markdown).map { block in
      switch block {
      case .text(let text): rendered(text)
      case .table(let headings, let isNumber, let rows): table(headings, isNumber, rows)
      }
    }.joined()
  }

  private static func table(_ headings: [String], _ isNumber: [Bool], _ rows: [[String]]) -> String
  {
    func row(_ cells: [String], _ element: String) -> String {
      let filled = zip(cells, isNumber).map { cell, isNumber in
        let look = isNumber ? " class=\"number\"" : ""
        return "<\(element)\(look)>\(inline(cell))</\(element.prefix(2))>"
      }
      return "<tr>\(filled.joined())</tr>"
    }
    return "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table><thead>"
      + row(headings, "th scope=\"col\"") + "</thead><tbody>"
      + rows.map { row($0, "td") }.joined() + "</tbody></table></div>"
  }

  /// A cell's text, which is not a paragraph of its own.
  private static func inline(_ markdown: String) -> String {
    var html = rendered(markdown)
    while html.last?.isNewline == true { html.removeLast() }
    guard html.hasPrefix("<p>"), html.hasSuffix("</p>") else { return html }
    return String(html.dropFirst(3).dropLast(4))
  }

  private static func rendered(_ markdown: String) -> String {
    let options = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8
    guard let document = cmark_parse_document(markdown, markdown.utf8.count, options) else {
      return ""
    }
    defer { cmark_node_free(document) }
    adapt(document)
    guard let rendered = cmark_render_html(document, options) else { return "" }
    defer { free(rendered) }
    return String(cString: rendered)
  }

  /// Takes pictures out and moves headings below those of the page.
  private static func adapt(_ document: OpaquePointer) {
    // Inner pictures come before the one around them, so each is freed once.
    var images: [OpaquePointer] = []
    guard let iterator = cmark_iter_new(document) else { return }
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { break }
      guard event == CMARK_EVENT_EXIT, let node = cmark_iter_get_node(iterator) else { continue }
      switch cmark_node_get_type(node) {
      case CMARK_NODE_IMAGE: images.append(node)
      case CMARK_NODE_HEADING:
        cmark_node_set_heading_level(node, min(6, cmark_node_get_heading_level(node) + 2))
      default: break
      }
    }
    cmark_iter_free(iterator)
    for image in images {
      cmark_node_unlink(image)
      cmark_node_free(image)
    }
  }
}
