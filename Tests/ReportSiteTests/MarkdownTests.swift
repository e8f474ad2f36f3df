import Testing

@testable import ReportSite

@Suite struct MarkdownTests {
  @Test func `A pipe table becomes a table, its cells Markdown`() {
    let html = MarkdownText.html(
      "Before\n\n| name | n |\n|---|---:|\n| `a\\|b` | 1 |\n| *c* |\n\nAfter")
    #expect(html.contains("<th scope=\"col\">name</th><th scope=\"col\" class=\"number\">n</th>"))
    #expect(html.contains("<td><code>a|b</code></td><td class=\"number\">1</td>"))
    #expect(html.contains("<td><em>c</em></td><td class=\"number\"></td>"))
    #expect(html.hasPrefix("<p>Before</p>") && html.contains("<p>After</p>"))
  }

  @Test(arguments: [
    "```\n| a |\n|---|\n```", "| a | b |\n|---|\n", "a | b\n---|---\n", "|", "| a |", "",
  ])
  func `What is no table stays as it is`(markdown: String) {
    #expect(!MarkdownText.html(markdown).contains("<table"))
  }

  @Test func `No cell lets HTML or links that run something through`() {
    let html = MarkdownText.html(
      "| <script>alert(1)</script> |\n|---|\n| [x](javascript:alert(1)) <b onclick=x> |")
    #expect(html.contains("<table>"))
    #expect(!html.contains("<script") && !html.contains("onclick") && !html.contains("javascript"))
  }
}
