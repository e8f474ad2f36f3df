import Foundation
import Testing

@testable import ReportSite

/// The part of Mustache that templates use, as its specification has it.
@Suite struct TemplateLanguageTests {
  struct View: Encodable {
    var name = "<b>"
    var count = 3
    var isTrue = true
    var isFalse = false
    var nothing: String?
    var rows = [Row(label: "one"), Row(label: "two")]
    var empty: [Row] = []
    var texts = ["a", "b"]
    var row = Row(label: "inner")
  }

  struct Row: Encodable { var label: String }

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
  ]) func `A template is filled in`(_ template: String, _ expected: String) throws {
    #expect(try Self.render(["page": template]) == expected)
  }

  @Test func `Pages inherit from parents and take partials in`() throws {
    let templates = [
      "page": "{{<base}}\n{{$body}}\n{{> row}}!{{/body}}\n{{/base}}", "row": "<{{count}}>",
      "base": "head\n{{$body}}default{{/body}} {{$foot}}foot{{/foot}}",
    ]
    #expect(try Self.render(templates) == "head\n<3>! foot")
  }

  @Test(arguments: [
    ("{{#rows}}", "{{/rows}} is missing"), ("{{/rows}}", "closes nothing"),
    ("{{name", "does not end"), ("{{}}", "no name"),
    ("{{> lost}}", "there is no lost.mustache"),
    ("{{<lost}}{{/lost}}", "there is no lost.mustache"),
    ("{{> page}}", "contains itself"),
  ]) func `A template that cannot be used says why`(_ template: String, _ reason: String) throws {
    let error = #expect(throws: SiteError.self) { try Self.render(["page": "\n" + template]) }
    let message = "\(try #require(error))"
    #expect(message.contains(reason) && message.contains("line 2"), "\(message)")
    #expect(message.contains("page.mustache"))
  }

  @Test func `A misspelt name is told from an empty one`() throws {
    let folder = try TestFolder()
    try Self.write(
      ["page": "{{nothing}}{{nmae}}{{row.lable}}{{#empty}}{{x}}{{/empty}}"], to: folder)
    let templates = try PageTemplates(folder: folder.path)
    #expect(try templates.unknownNames(in: "page", View()) == ["nmae", "row.lable"])
  }

  @discardableResult
  private static func render(_ templates: [String: String]) throws -> String {
    let folder = try TestFolder()
    try write(templates, to: folder)
    return String(
      decoding: try PageTemplates(folder: folder.path).page("page", View()), as: UTF8.self)
  }

  /// Writes templates, and empty ones for the pages that a site must have.
  private static func write(_ templates: [String: String], to folder: TestFolder) throws {
    let pages = Dictionary(PageTemplates.pages.map { ($0, "") }) { first, _ in first }
    for (name, text) in pages.merging(templates, uniquingKeysWith: { $1 }) {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name).mustache"))
    }
  }
}
