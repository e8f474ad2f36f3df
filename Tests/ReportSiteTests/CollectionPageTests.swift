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
    #expect(Self.gallery(page) == ["a", "b", "d", "c"])
    #expect(page.contains("of the clips in which something visible sounds"))
  }

  @Test func `Tiles show the plain figures, a table behind them all`() async throws {
    let folder = try TestFolder()
    try await folder.build([SampleRecords.done(ClipID("one"))])
    for path in ["collections/demo/index.html", "collections/demo/clips/one/index.html"] {
      let page = try folder.text(path)
      #expect(page.contains("<dt>mIoU</dt>") && page.contains("<dt>CIDEr</dt>"), "\(path)")
      #expect(!page.contains("<dt>DAVIS-J&amp;F</dt>"), "\(path)")
      #expect(!page.contains("<dt>BLEU-1</dt>"), "\(path)")
      for name in ["mIoU", "DAVIS-J&amp;F", "BLEU-1", "CIDEr"] {
        #expect(page.contains("<th scope=\"row\">\(name)</th>"), "\(path): \(name)")
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
    #expect(page.contains("<td>nothing visible sounds</td>"))
    #expect(!page.contains("silent</td>"))
  }

  /// The clips of the galleries, best and worst, in order.
  private static func gallery(_ page: String) -> [String] {
    page.components(separatedBy: "<bdi class=\"gallery-name\">").dropFirst().compactMap {
      $0.components(separatedBy: "</bdi>").first
    }
  }
}
