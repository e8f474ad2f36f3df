import Foundation
import Testing

@testable import ReportSite

/// The part of Mustache that templates use, as its specification has it.
@Suite struct TemplateLanguageTests {
  struct View: Encodable {
    var name = "<b>"
    var label = "outer"
    var accented = "\"\u{301} a<\u{301}b> '\u{301} & \u{1F468}\u{200D}\u{1F469}"
    var count = 3
    var share = 0.5
    var isTrue = true
    var isFalse = false
    var nothing: String?
    var rows = [Row(label: "one"), Row(label: "two")]
    var empty: [Row] = []
    var texts = ["a", "b"]
    var row = Row(label: "inner")
    var optionals = [Labelled(label: "inner"), Labelled(label: nil)]
  }

  struct Row: Encodable { var label: String }
  /// Empty, a member is still there, and does not let one of its name around it through.
  struct Labelled: Encodable { var label: String? }

  @Test(arguments: [
    ("{{name}}|{{{name}}}|{{&name}}", "&lt;b&gt;|<b>|<b>"),
    ("{{ count }}{{! a comment }}", "3"),
    ("{{#rows}}{{label}},{{/rows}}", "one,two,"),
    ("{{#texts}}{{.}}{{/texts}}", "ab"),
    ("{{^empty}}none{{/empty}}{{#empty}}some{{/empty}}", "none"),
    ("{{#isTrue}}y{{/isTrue}}{{#isFalse}}n{{/isFalse}}{{^isFalse}}f{{/isFalse}}", "yf"),
    ("[{{nothing}}]{{^nothing}}–{{/nothing}}", "[]–"),
    ("{{row.label}}{{#rows}}{{name}}{{/rows}}", "inner&lt;b&gt;&lt;b&gt;"),
    ("a\n{{#rows}}\n- {{label}}\n{{/rows}}\nz\n", "a\n- one\n- two\nz\n"),
    ("a\n  {{! alone }}  \nz", "a\nz"),
    ("a {{#isTrue}}\nb{{/isTrue}}\n", "a \nb\n"),
    ("{{share}} {{isTrue}}", "0.5 true"),
    ("{{#optionals}}[{{label}}{{^label}}–{{/label}}]{{/optionals}}", "[inner][–]"),
  ]) func `A template is filled in`(_ template: String, _ expected: String) throws {
    #expect(try Self.render(["index": template]) == expected)
  }

  @Test func `A quotation mark under an accent ends no attribute`() throws {
    let expected =
      "&quot;\u{301} a&lt;\u{301}b&gt; &#39;\u{301} &amp; \u{1F468}\u{200D}\u{1F469}"
    #expect(Array(try Self.render(["index": "{{accented}}"]).utf8) == Array(expected.utf8))
  }

  @Test func `Pages inherit from parents and take partials in`() throws {
    let templates = [
      "index": "{{<base}}\n{{$body}}\n{{> row}}!{{/body}}\n{{/base}}", "row": "<{{count}}>",
      "base": "head\n{{$body}}default{{/body}} {{$foot}}foot{{/foot}}",
    ]
    #expect(try Self.render(templates) == "head\n<3>! foot")
  }

  @Test(arguments: [
    ("{{#rows}}", "{{/rows}} is missing"), ("{{/rows}}", "closes nothing"),
    ("{{name", "does not end"), ("{{}}", "no name"), ("{{=<% %>=}}", "no tag that is known"),
    ("{{> lost}}", "there is no lost.mustache"),
    ("{{<lost}}{{/lost}}", "there is no lost.mustache"),
    ("{{> index}}", "contains itself"),
  ]) func `A template that cannot be used says why`(_ template: String, _ reason: String) throws {
    let error = #expect(throws: SiteError.self) { try Self.render(["index": "\n" + template]) }
    let message = "\(try #require(error))"
    #expect(message.contains(reason) && message.contains("line 2"), "\(message)")
    #expect(message.contains("index.mustache"))
  }

  @discardableResult
  private static func render(_ templates: [String: String]) throws -> String {
    let folder = try TestFolder()
    try write(templates, to: folder)
    return String(
      decoding: try PageTemplates(folder: folder.path).page("index", View()), as: UTF8.self)
  }

  /// Writes templates, and empty ones for the pages that a site must have.
  private static func write(_ templates: [String: String], to folder: TestFolder) throws {
    let pages = Dictionary(PageTemplates.pages.map { ($0, "") }) { first, _ in first }
    for (name, text) in pages.merging(templates, uniquingKeysWith: { $1 }) {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name).mustache"))
    }
  }
}
