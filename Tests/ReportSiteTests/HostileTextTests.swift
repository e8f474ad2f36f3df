import Annotations
import Evaluation
import Foundation
import Testing

@testable import ReportSite

@Suite struct HostileTextTests {
  static let nasty = [
    "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{frame.title}}",
    "'; DROP TABLE jobs; --", "<!--", "]]>", "\u{202E}gnp.exe\u{2066}", "👩‍👩‍👧 émoji", "&lt;&#0;",
    "a\u{2028}b\u{2029}c", "-->\n\n00:00 --> 99:99", "../../etc/passwd", "index.html", "CON",
    "..%2f",
  ]

  @Test(arguments: nasty)
  func `Text from outside is shown as text`(text: String) async throws {
    let folder = try TestFolder()
    let id = ClipID(fileName: text)
    var report = SampleRecords.done(id, in: text, sentence: text)
    report.truth?.category = text
    report.truth?.notes = text
    report.truth?.captions[1] = [text]
    report.location = "/nowhere/" + text
    var failed = SampleRecords.failed(try ClipID("failed"), in: text)
    failed.state = .failed(
      reason: text, kind: text,
      attempts: [AttemptRecord(number: 1, host: text, error: text + "\n" + text)])
    try await folder.build(
      [report, failed], summary: text + "\n\n<b onclick=x>![p](http://x/y.png)")
    let pages = try folder.pages()
    #expect(pages.count == 10)
    for (path, page) in pages {
      #expect(!page.contains("<script>"), "\(path)")
      #expect(!page.contains("<img src=x"), "\(path)")
      #expect(!page.contains("<b onclick"), "\(path)")
      #expect(!page.contains("http://x/y.png\""), "\(path)")
      #expect(page.components(separatedBy: "</script>").count - 1 == scripts(in: page), "\(path)")
      #expect(page.components(separatedBy: "<h1").count == 2, "\(path)")
    }
    for path in try folder.files().keys {
      #expect(path.utf8.allSatisfy { (33...126).contains($0) }, "\(path)")
    }
  }

  @Test(arguments: nasty)
  func `Data in a page is read back as it was`(text: String) throws {
    let block = try JSONText.block([text])
    #expect(!block.contains("<"))
    #expect(!block.unicodeScalars.contains("\u{2028}"))
    #expect(try JSONDecoder().decode([String].self, from: Data(block.utf8)) == [text])
  }

  @Test func `Names that differ only in what a file system ignores get different folders`() {
    var addresses = PageAddress()
    let texts = ["clip", "Clip", "clip ", " clip", "cl/ip", "クリップ", "クリッブ", ".", "..", ""]
    let names = texts.map { addresses.name(for: $0) }
    #expect(Set(names.map { $0.lowercased() }).count == texts.count)
    #expect(names[0] == "clip")
    #expect(names.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") })
  }

  @Test func `Figures that are no numbers become dashes`() async throws {
    let folder = try TestFolder()
    var report = SampleRecords.done(try ClipID("one"))
    report.prediction?.frames[1].score = .nan
    report.prediction?.frames[2].time = .infinity
    report.prediction?.clip.duration = .nan
    report.metrics?.values["mIoU"]?.value = .nan
    try await folder.build([report])
    let page = try folder.text("collections/demo/clips/one/index.html")
    #expect(!page.contains(">nan"))
    #expect(page.contains("–"))
  }

  @Test func `A mask that cannot be decoded is said to be unreadable`() async throws {
    let folder = try TestFolder()
    var report = SampleRecords.done(try ClipID("one"))
    report.prediction?.frames[1].mask = RunLengthMask(height: 9, width: 9, counts: "~~~<script>")
    try await folder.build([report])
    #expect(try folder.text("collections/demo/clips/one/index.html").contains("unreadable"))
  }

  private func scripts(in page: String) -> Int {
    page.components(separatedBy: "<script ").count - 1
  }
}
