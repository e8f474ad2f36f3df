import Annotations
import Evaluation
import Foundation
import Testing

@testable import ReportSite

/// An unknown variable renders as nothing, so a misspelt one would go unseen on a page. Here every
/// variable of every template is looked up in the views.
@Suite struct TemplateTests {
  static let folder = TestFolder.project + "/templates"

  @Test func `Every variable of every page exists in its view`() throws {
    let templates = try TemplateReader(folder: Self.folder)
    for (name, view) in try Self.views() {
      let unknown = try templates.unknownVariables(in: name, view: view)
      #expect(unknown == [], "\(name)")
    }
  }

  @Test func `A misspelt variable is found`() throws {
    var templates = try TemplateReader(folder: Self.folder)
    templates.texts["index"] =
      "{{#totals}}{{label}}{{lable}}{{/totals}}{{^queue}}{{quue}}{{/queue}}"
    let view = try #require(try Self.views().first { $0.name == "index" }?.view)
    #expect(try templates.unknownVariables(in: "index", view: view) == ["lable", "quue"])
  }

  @Test func `A missing partial is found`() throws {
    var templates = try TemplateReader(folder: Self.folder)
    templates.texts["index"] = "{{> tilse}}"
    let view = try #require(try Self.views().first { $0.name == "index" }?.view)
    #expect(try templates.unknownVariables(in: "index", view: view) == ["> tilse"])
  }

  @Test func `A template that does not parse is named with its line`() async throws {
    let broken = try TestFolder()
    let path = broken.path + "/index.mustache"
    try Data("fine\n{{#open}}".utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: SiteError.self) {
      _ = try PageTemplates(folder: broken.path)
    }
    #expect("\(try #require(error))".contains("index.mustache"))
  }

  private struct View: Encodable {
    struct Row: Encodable {
      var label: String?
    }

    var label = "outer"
    var text = "\"\u{301} a<\u{301}b> '\u{301} & \u{1F468}\u{200D}\u{1F469}"
    var rows = [Row(label: "inner"), Row(label: nil)]
    var none: [Row] = []
    var yes = true
    var count = 3
    var share = 0.5
  }

  private func render(_ text: String) throws -> String {
    let folder = try TestFolder()
    for page in PageTemplates.pages {
      let path = URL(fileURLWithPath: "\(folder.path)/\(page).mustache")
      try Data((HTMLText.pragma + (page == "index" ? text : "")).utf8).write(to: path)
    }
    return String(
      decoding: try PageTemplates(folder: folder.path).page("index", View()), as: UTF8.self)
  }

  @Test(arguments: [
    ("{{count}} {{share}} {{#yes}}y{{/yes}}{{^yes}}n{{/yes}}", "3 0.5 y"),
    ("{{^none}}none{{/none}}{{#none}}some{{/none}}", "none"),
    ("{{#rows}}[{{label}}{{^label}}–{{/label}}]{{/rows}}", "[inner][–]"),
  ]) func `An empty member is there, and does not let those around it through`(
    _ template: String, _ expected: String
  ) throws {
    #expect(try render(template) == expected)
  }

  @Test func `A quotation mark under an accent ends no attribute`() throws {
    let expected =
      "&quot;\u{301} a&lt;\u{301}b&gt; &#39;\u{301} &amp; \u{1F468}\u{200D}\u{1F469}"
    #expect(Array(try render("{{text}}").utf8) == Array(expected.utf8))
    #expect(Array(try render("{{#yes}}{{text}}{{/yes}}").utf8) == Array(expected.utf8))
  }

  @Test(arguments: [
    ("{{> lost}}", "there is no lost.mustache"), ("{{<lost}}{{/lost}}", "lost.mustache"),
    ("{{#rows}}", "line"),
  ]) func `A template that cannot be used says why`(_ template: String, _ reason: String) throws {
    let error = #expect(throws: SiteError.self) { try render(template) }
    let message = "\(try #require(error))"
    #expect(message.contains(reason) && message.contains("index.mustache"), "\(message)")
  }

  @Test func `A missing page template or style sheet is named`() async throws {
    let empty = try TestFolder()
    #expect(throws: SiteError.self) { _ = try PageTemplates(folder: empty.path) }
    #expect(throws: SiteError.missingAsset(path: empty.path + "/site.js")) {
      _ = try SiteAssets(folder: empty.path)
    }
  }

  /// Views in which every list and optional has something.
  static func views() throws -> [(name: String, view: Any)] {
    let frame = PageFrame(
      title: "t", root: "", stylesheet: "a", script: "b", siteTitle: "s", software: "avu",
      generated: MomentView(SampleRecords.takenAt),
      crumbs: [.init(label: "l", href: "h"), .init(label: "l", href: nil)], twin: "j",
      mediaSource: "https://example.org")
    let clip = try ClipID("one")
    let reports = [
      SampleRecords.done(clip), SampleRecords.done(try ClipID("two")),
      SampleRecords.failed(try ClipID("bad")),
    ]
    var tally = CollectionTally()
    let more = try (0..<12).map { SampleRecords.done(try ClipID("more-\($0)")) }
    for report in reports + more {
      let moments = ClipMoment.moments(of: report)
      let row = ClipRow(report, href: "h", moments: moments, thumbnail: "t.jpg")
      tally.add(ClipEntry(row: row, moments: moments))
    }
    let rows = (0..<901).map { tally.rows[$0 % 3] }
    let list = ClipListView(part: 5, of: rows, root: "", scope: "collections/demo")
    var snapshot = SampleRecords.snapshot(reports, summary: "*x*")
    snapshot.collections[0].runs = SampleRecords.runs
    let collection = CollectionPage(
      frame: frame, collection: snapshot.collections[0], tally: tally, list: list,
      comparisons: [Self.entry], queue: snapshot.queue,
      downloads: [DownloadView(label: "l", href: "h", detail: "d")])
    let entry = CollectionEntry(
      name: "demo", summary: "x", href: "h", clips: 3, done: 2, failed: 1, waiting: 0,
      metrics: SampleRecords.metrics(), finishedAt: SampleRecords.takenAt, covers: ["c.jpg"])
    return [
      ("index", IndexPage(frame: frame, entries: [entry], queue: snapshot.queue)),
      (
        "clips",
        AllClipsPage(
          frame: frame, collections: [.init(name: "n", address: "a", clips: "c")], clips: list)
      ),
      ("collection", collection), ("list", ListPage(frame: frame, name: "n", clips: list)),
      ("clip", try fullClip(frame, clip)),
      ("results", results(frame, snapshot)), ("comparison", try comparison(frame)),
      ("models", ModelsPage(frame: frame, models: [SampleRecords.model])),
      ("queue", QueuePage(frame: frame, queue: SampleRecords.queue) { _, _ in "p" }),
      ("methods", MethodsPage(frame: frame)), ("viewer", ViewerPage(frame: frame)),
      (
        "single-file",
        SingleFile.View(
          mark: "m", title: "t", policy: "p", style: "s", body: "b", pack: "{}", loader: "l")
      ),
      (
        "confusions",
        ConfusionPage(
          frame: frame, name: "n",
          confusion: try #require(ConfusionView(manyCategories(tally.rows), root: "")))
      ),
    ]
  }

  private static let entry = ComparisonEntry(
    title: "t", runs: "r", address: "a", words: "w", kind: "same", isLatest: true)

  /// More rows than a confusion table shows categories.
  private static func manyCategories(_ rows: [ClipRow]) -> [ClipRow] {
    (0..<30).map { number in
      var facts = rows[0].facts
      facts.truth = "category \(number)"
      facts.predicted = facts.truth
      return ClipRow(rows[0], category: nil, model: nil, sentences: [], facts: facts)
    }
  }

  private static func results(_ frame: PageFrame, _ snapshot: SiteSnapshot) -> ResultsPage {
    ResultsPage(
      frame: frame, collections: [(snapshot.collections[0], "a")],
      comparisons: [Self.entry],
      tables: [SampleRecords.table])
  }

  private static func comparison(_ frame: PageFrame) throws -> ComparisonPage {
    let pair = try #require(RunPairs(SampleRecords.runs).pairs.first)
    return ComparisonPage(
      frame: frame, pair: pair, rows: [:])
  }

  private static func fullClip(_ frame: PageFrame, _ id: ClipID) throws -> ClipPage {
    var report = SampleRecords.done(id)
    report.state = SampleRecords.failed(id).state
    report.score?.frames[1].iou = 0.2
    report.otherRuns = [SampleRecords.otherRun(id)]
    var media = ClipMedia(video: "v.mp4", problem: "p", thumbnail: "t.jpg", poster: "p.jpg")
    media.web = .init(address: "https://example.org/v.mp4", isComplete: true)
    media.sound = ClipSound(waveform: "M0 0Z", spectrum: "s.jpg", seconds: 4, drawing: "w")
    media.strip = FilmStrip(file: "s.jpg", width: 2, height: 1, seconds: 4)
    media.keyFrames = [.init(moment: 1, file: "f.jpg", finding: "s.jpg", width: 1, height: 1)]
    let link = ClipPage.Link(id: "x", address: "y")
    var page = try ClipPage(
      report, ClipMoment.moments(of: report), media, frame: frame, neighbours: (link, link))
    page.retries = ClipAttemptsView(SampleRecords.attempts)
    return page
  }
}
