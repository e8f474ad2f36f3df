import Annotations
import Evaluation
import Foundation
import Testing

@testable import ReportSite

@Suite struct CollectionPageTests {
  @Test func `A clip in which nothing sounds is not ranked, whatever its overlap`() async throws {
    let folder = try TestFolder()
    var silent = SampleRecords.done(try ClipID("quiet"))
    silent.metrics = SampleRecords.metrics(1)
    silent.truth?.sounding = [false, false, false, false]
    let reports = try [silent] + ["a", "b", "c", "d"].map { SampleRecords.done(try ClipID($0)) }
    try await folder.build(reports)
    let page = try folder.text("collections/demo/index.html")
    #expect(Self.gallery(page) == ["d", "c", "a", "b"])
    #expect(page.contains("of the clips in which something visible sounds"))
  }

  @Test func `Tiles show the plain figures, a table behind them all`() async throws {
    let folder = try TestFolder()
    try await folder.build([SampleRecords.done(ClipID("one"))])
    for path in ["collections/demo/index.html", "collections/demo/clips/one/index.html"] {
      let page = try folder.text(path)
      let root = String(repeating: "../", count: path.split(separator: "/").count - 1)
      let shown = { (start: String, name: String, anchor: String) in
        page.contains("\(start)<a href=\"\(root)methods.html#means-\(anchor)\">\(name)</a>")
      }
      #expect(shown("<dt>", "mIoU", "iou") && shown("<dt>", "CIDEr", "sentences"), "\(path)")
      #expect(!shown("<dt>", "DAVIS-J&amp;F", "davis"), "\(path)")
      #expect(!shown("<dt>", "BLEU-1", "sentences"), "\(path)")
      for (name, anchor) in [
        ("mIoU", "iou"), ("DAVIS-J&amp;F", "davis"), ("BLEU-1", "sentences"),
        ("CIDEr", "sentences"),
      ] {
        #expect(shown("<th scope=\"row\">", name, anchor), "\(path): \(name)")
      }
    }
  }

  @Test func `The page explains every figure`() async throws {
    let folder = try TestFolder()
    try await folder.build([SampleRecords.done(ClipID("one"))])
    let page = try folder.text("collections/demo/index.html")
    let meaning = try #require(page.components(separatedBy: "<dl class=\"meaning\">").last)
    let known = meaning.replacing("&amp;", with: "&")
    for name in MetricName.all {
      let family = name.hasPrefix("BLEU") || name.hasPrefix("METEOR")
      let shown = family ? String(name.prefix { $0 != "-" }) : name
      #expect(known.contains(shown), "\(name)")
    }
  }

  @Test func `What was not scored is listed with the reason`() async throws {
    let folder = try TestFolder()
    try await folder.build([SampleRecords.done(ClipID("one"))])
    let page = try folder.text("collections/demo/index.html")
    #expect(page.contains("its scoring is queued or running"))
    #expect(page.contains("<bdi>later</bdi>"))
  }

  @Test func `Without any score the page says why, not to submit again`() async throws {
    let folder = try TestFolder()
    let clip = try ClipID("one")
    var snapshot = SampleRecords.snapshot([SampleRecords.done(clip)])
    snapshot.collections[0].report = MetricSummary(wordNet: nil).report(
      of: [], unscored: [UnscoredClip(clip: "one", reason: "scoring failed: no mask")])
    let source = SampleSource([SampleRecords.done(clip)])
    _ = try await folder.generator.build(snapshot, source: source)
    let page = try folder.text("collections/demo/index.html")
    #expect(page.contains("No clip of this collection was scored."))
    #expect(page.contains("scoring failed: no mask"))
    #expect(!page.contains("--truth"))
    #expect(!page.contains("How they were computed"))
    snapshot.collections[0].report = nil
    _ = try await folder.generator.build(snapshot, source: source)
    #expect(try folder.text("collections/demo/index.html").contains("--truth"))
  }

  @Test func `A table of many failures says what it leaves out, and the twins have every clip`()
    async throws
  {
    let folder = try TestFolder()
    let ids = (100..<350).map { "clip-\($0)" }
    try await folder.build(try ids.map { SampleRecords.failed(try ClipID($0)) })
    let page = try folder.text("collections/demo/index.html")
    #expect(page.contains("Showing 200 of 250 clips whose analysis was given up"))
    #expect(page.contains("href=\"#state=failed\""))
    #expect(page.contains("clip-299</bdi></a></th><td class=\"sentence\">"))
    #expect(!page.contains("clip-300</bdi></a></th><td class=\"sentence\">"))
    struct Twin: Decodable {
      struct Clip: Decodable { let id: String }
      let clips: [Clip]
      let count: Int?
      let parts: [String]?
    }
    let twin = { (name: String) in
      try JSONDecoder().decode(
        Twin.self, from: Data(try folder.text("collections/demo/" + name).utf8))
    }
    let first = try twin("index.json")
    let others = try (first.parts ?? []).map(twin)
    #expect(first.count == 250 && first.parts == ["clips-2.json", "clips-3.json"])
    #expect((first.clips + others.flatMap(\.clips)).map(\.id) == ids)
    #expect(try folder.text("collections/demo/clips-2.html").contains("href=\"clips-2.json\""))
  }

  @Test func `Thousands of reasons do not make a page of thousands of lines`() {
    let unscored = (0..<3000).map { UnscoredClip(clip: "c\($0)", reason: "reason \($0)") }
    let views = UnscoredView.list(unscored + [UnscoredClip(clip: "x", reason: "reason 7")])
    #expect(views.count == 21)
    #expect(views[0].reason == "reason 7" && views[0].clips == "c7, x")
    #expect(views[20].clips.hasSuffix(" and 2975 more"))
  }

  @Test func `A moment without a sound is said to be one in which nothing visible sounds`()
    async throws
  {
    let folder = try TestFolder()
    try await folder.build([SampleRecords.done(ClipID("one"))])
    let page = try folder.text("collections/demo/clips/one/index.html")
    #expect(page.contains("<td>nothing visible</td>"))
    #expect(!page.contains("silent</td>"))
  }

  /// The clips of the galleries, worst and best, in order.
  private static func gallery(_ page: String) -> [String] {
    page.components(separatedBy: "<bdi class=\"gallery-name\">").dropFirst().compactMap {
      $0.components(separatedBy: "</bdi>").first
    }
  }
}
