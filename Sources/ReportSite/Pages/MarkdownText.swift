import CCMark
import Foundation

/// Markdown as HTML.
enum MarkdownText {
  /// Renders Markdown; raw HTML and links that could run something are left out.
  ///
  /// Pictures are left out too: a page of the site loads nothing from elsewhere. Headings start
  /// below those of the page.
  static func html(_ markdown: String) -> String {
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
