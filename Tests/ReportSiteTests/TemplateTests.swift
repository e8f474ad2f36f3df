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

  @Test func `A missing page template or style sheet is named`() async throws {
    let empty = try TestFolder()
    #expect(throws: SiteError.self) { _ = try PageTemplates(folder: empty.path) }
    #expect(throws: SiteError.missingAsset(path: empty.path + "/site.css")) {
      _ = try SiteAssets(folder: empty.path)
    }
  }

  /// Views in which every list and optional has something.
  static func views() throws -> [(name: String, view: Any)] {
    let frame = PageFrame(
      title: "t", root: "", stylesheet: "a", scripts: ["b"], siteTitle: "s", software: "avu",
      generated: MomentView(SampleRecords.takenAt),
      crumbs: [.init(label: "l", href: "h"), .init(label: "l", href: nil)], twin: "j")
    let clip = try ClipID("one")
    let reports = [
      SampleRecords.done(clip), SampleRecords.done(try ClipID("two")),
      SampleRecords.failed(try ClipID("bad")),
    ]
    var tally = CollectionTally()
    for report in reports {
      let moments = ClipMoment.moments(of: report)
      tally.add(
        ClipRow(report, href: "h", moments: moments, thumbnail: "t.jpg"), moments)
    }
    let rows = (0..<201).map { tally.rows[$0 % 3] }
    let list = try ClipListView.parts(of: rows, root: "")[0]
    let snapshot = SampleRecords.snapshot(reports, summary: "*x*")
    let collection = CollectionPage(
      frame: frame, collection: snapshot.collections[0], tally: tally, list: list,
      comparisons: [ComparisonEntry(title: "t", address: "a", words: "w")], queue: snapshot.queue)
    let entry = CollectionEntry(
      name: "demo", summary: "x", href: "h", clips: 3, done: 2, failed: 1, waiting: 0,
      metrics: SampleRecords.metrics(), covers: ["c.jpg"])
    return [
      ("index", IndexPage(frame: frame, entries: [entry], queue: snapshot.queue)),
      ("collection", collection), ("list", ListPage(frame: frame, name: "n", clips: list)),
      ("clip", try fullClip(frame, clip)),
      ("results", results(frame, snapshot)), ("comparison", try comparison(frame)),
      ("models", ModelsPage(frame: frame, models: [SampleRecords.model])),
      ("queue", QueuePage(frame: frame, queue: SampleRecords.queue)),
      ("methods", MethodsPage(frame: frame)),
      (
        "confusions",
        ConfusionPage(
          frame: frame, name: "n",
          confusion: try #require(ConfusionView(manyCategories(tally.rows), root: "")))
      ),
    ]
  }

  /// More rows than a confusion table shows categories.
  private static func manyCategories(_ rows: [ClipRow]) -> [ClipRow] {
    (0..<30).map { number in
      var row = rows[0]
      row.facts.truth = "category \(number)"
      row.facts.predicted = row.facts.truth
      return row
    }
  }

  private static func results(_ frame: PageFrame, _ snapshot: SiteSnapshot) -> ResultsPage {
    ResultsPage(
      frame: frame, collections: [(snapshot.collections[0], "a")],
      comparisons: [ComparisonEntry(title: "t", address: "a", words: "w")],
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
    var media = ClipMedia(video: "v.mp4", problem: "p", thumbnail: "t.jpg", poster: "p.jpg")
    media.sound = ClipSound(waveform: "M0 0Z", spectrum: "s.jpg", seconds: 4)
    media.keyFrames = [.init(moment: 1, file: "f.jpg", width: 1, height: 1)]
    let link = ClipPage.Link(id: "x", address: "y")
    return try ClipPage(
      report, ClipMoment.moments(of: report), media, frame: frame, neighbours: (link, link))
  }
}
