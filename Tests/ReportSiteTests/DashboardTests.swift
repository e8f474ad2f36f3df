import Annotations
import Evaluation
import Experiments
import Foundation
import FoundationXML
import Testing

@testable import ReportSite

@Suite struct DashboardTests {
  @Test func `What publications reported stands by year, and nothing measured among it`() {
    func row(_ name: String, _ year: Int?, _ value: Double, measured: Bool = false) -> ResultRow {
      ResultRow(
        name: name, dataset: "d",
        provenance: measured
          ? .measured(.init(machine: "m", when: SampleRecords.takenAt))
          : .paperReported(.init(source: "s")),
        values: ["mIoU": ResultValue(value)], year: year)
    }
    func trend(_ rows: [ResultRow]) -> RunTrend.Drawing? {
      ResultTableView(
        ResultTable(
          id: "t", title: "t", columns: [.init(metric: "mIoU", better: .higher)], rows: rows)
      ).trend
    }
    let rows = [
      row("new", 2025, 0.6), row("old", 2019, 0.4), row("undated", nil, 0.9),
      row("ours", 2026, 0.95, measured: true),
    ]
    let drawing = trend(rows)
    #expect(drawing?.chart.contains("2 published methods from 2019 to 2025") == true)
    #expect(drawing?.chart.contains("Best: new, 0.600.") == true)
    #expect(drawing?.chart.contains("2019: 0.400") == true)
    #expect(trend(Array(rows.dropFirst())) == nil)
  }

  @Test func `What was taken for what is counted, and every number leads to its clips`()
    async throws
  {
    let folder = try TestFolder()
    var bird = SampleRecords.done(try ClipID("bird"))
    bird.truth?.category = "bird"
    var silent = SampleRecords.done(try ClipID("silent"))
    silent.truth?.category = "none"
    silent.truth?.sounding = [false, false, false, false]
    silent.prediction?.frames[1].sounding = false
    silent.prediction?.frames[2].sounding = false
    try await folder.build([SampleRecords.done(ClipID("one")), bird, silent])
    let page = try folder.text("collections/demo/index.html")
    #expect(page.contains("2 of 3 clips have the category that people gave."))
    #expect(page.contains("title=\"1 clip of bird, by the model ball\">1</a>"))
    let list = try folder.text("collections/demo/confusions.html")
    let wrong = try #require(list.range(of: "clips/bird/index.html"))
    let right = try #require(list.range(of: "clips/one/index.html"))
    #expect(wrong.lowerBound < right.lowerBound)
  }

  @Test func `The data are counted by category, with what is wrong`() throws {
    var report = SampleRecords.done(try ClipID("one"))
    report.prediction?.frames[0].sounding = true
    report.prediction?.frames[1].sounding = false
    report.score?.frames[2].iou = 0.3
    let facts = ClipFacts(report, ClipMoment.moments(of: report))
    #expect(facts.judged == 4 && facts.sounding == 2)
    #expect(facts.missed == 1 && facts.falseAlarms == 1 && facts.lowOverlap == 1)
    let row = ClipRow(report, href: "h", moments: ClipMoment.moments(of: report), thumbnail: nil)
    let statistics = try #require(CollectionStatistics([row]))
    #expect(statistics.categories.map(\.name) == ["ball"])
    #expect(statistics.categories[0].sounding == "50 %")
    #expect(statistics.tiles.first { $0.label == "Missed" }?.value == "1")
  }

  @Test func `Runs are compared in pairs, and only what is more than chance is called so`() throws {
    let pair = try #require(RunPairs(SampleRecords.runs).pairs.first)
    let frame = PageFrame(
      title: "t", root: "", stylesheet: "", script: "", siteTitle: "", software: "",
      generated: MomentView(SampleRecords.takenAt), crumbs: [], twin: "")
    let page = ComparisonPage(
      frame: frame, pair: pair, rows: [:])
    #expect(page.verdict == "Better in mIoU.")
    #expect(page.totals.map(\.value) == ["14", "0", "0"])
    #expect(page.metrics.first { $0.name == "F-score" }?.kind == "same")
    let same = try #require(RunPairs([SampleRecords.runs[0], SampleRecords.runs[0]]).pairs.first)
    #expect(same.comparison.metrics.allSatisfy { $0.difference == 0 })
    #expect(ComparisonPage.verdict(same.comparison).hasPrefix("No significant change"))
    #expect(RunPairs([SampleRecords.runs[0]]).pairs.isEmpty)
  }

  @Test func `Only among runs over the same clips is one marked best`() {
    let frame = PageFrame(
      title: "t", root: "", stylesheet: "", script: "", siteTitle: "", software: "",
      generated: MomentView(SampleRecords.takenAt), crumbs: [], twin: "")
    func best(_ runs: [RunSnapshot]) -> [Bool] {
      var collection = CollectionSnapshot(name: "c", clips: [])
      collection.runs = runs
      let page = ResultsPage(
        frame: frame, collections: [(collection, "a")], comparisons: [], tables: [])
      return page.runs.map { $0.figures[0].isBest }
    }
    var runs = SampleRecords.runs
    #expect(best(runs) == [false, true])
    let others = runs[0].report.byClip.filter { $0.key != "c0" }.map { ($0.key, $0.value) }
    runs[0].report.byClip = ClipMetrics(Dictionary(uniqueKeysWithValues: others))
    #expect(best(runs) == [false, false])
    runs[1].model.name = runs[0].model.name
    #expect(RunPairs(runs).pairs.first?.title == "small 11111111 → small 22222222")
  }

  @Test func `Paper-reported rows are marked and never ranked with measured ones`() throws {
    let view = ResultTableView(SampleRecords.table)
    #expect(view.rows.map(\.tier) == ["reported", "reported", "measured"])
    let overlap = try #require(view.columns.firstIndex { $0.title == "mIoU" })
    #expect(view.rows.map { $0.cells[overlap].place } == ["best", "second", "best"])
    #expect(view.rows.map { $0.cells[overlap].note } == [1, 1, nil])
    #expect(view.footnotes[0].text.hasPrefix("Paper-reported"))
    #expect(view.chart?.contains("Undercut by none in both") == true)
  }

  @Test func `Names of points do not lie on each other`() {
    var labels = LabelPlaces(within: 0...700, around: [(300, 100)])
    let places = (0..<4).map { _ in labels.place(for: "a model", near: (x: 300, y: 100)) }
    #expect(Set(places.map { "\($0.x) \($0.y)" }).count == 4)
  }

  @Test func `The feed of failures is XML whatever the reasons hold`() throws {
    var snapshot = SampleRecords.snapshot([])
    snapshot.queue?.failures[0].reason = "]]> & <b> \u{0} \u{FFFE}"
    let feed = Data(FailureFeed.document(snapshot))
    let parser = XMLParser(data: feed)
    #expect(parser.parse())
    let text = String(decoding: feed, as: UTF8.self)
    #expect(text.contains("<id>tag:avu,2026:job/41/2</id>"))
    #expect(text.contains("href=\"queue.html#job-41\""))
    #expect(FailureFeed.document(snapshot) == Array(feed))
  }

  @Test func `The feed of runs names each run once, for good`() throws {
    var collection = CollectionSnapshot(name: "a b", clips: [])
    collection.runs = SampleRecords.runs
    let feed = RunFeed.document(
      title: "t", software: "s", [(collection, "collections/a-b/index.html")])
    #expect(XMLParser(data: Data(feed)).parse())
    let text = String(decoding: feed, as: UTF8.self)
    #expect(text.contains("<id>tag:avu,2026:run/a%20b/\(String(repeating: "2", count: 64))</id>"))
    #expect(text.contains("<updated>\(SampleRecords.takenAt.ISO8601Format())</updated>"))
    #expect(text.contains("14 clips, mIoU 0.600"))
  }

  @Test func `Runs over time are drawn with intervals and the best so far`() throws {
    let trend = try #require(RunTrend(SampleRecords.runs))
    #expect(
      trend.drawings.map(\.name) == ["mIoU", "F-score", "METEOR-exact-stem-synonym", "CIDEr"])
    #expect(trend.drawings[0].chart.contains("from 0.400 to 0.600"))
    #expect(trend.runs.map { $0.values[0] } == ["0.400", "0.600"])
    #expect(RunTrend([SampleRecords.runs[0]]) == nil)
  }

  @Test func `A model's losses are drawn from the log of its training`() throws {
    let log = try #require(SampleRecords.model.training)
    #expect(log.curves.map(\.name) == ["<presence>", "mask"])
    #expect(log.curves[1].steps == [50, 100, 150] && log.curves[1].values == [2, 1, 0.5])
    let losses = try #require(ModelsPage.Losses(log))
    #expect(losses.steps == 150 && losses.drawings.count == 2)
    #expect(losses.drawings[1].chart.contains("M14 18L160 58L306 78"))
    #expect(losses.drawings[0].chart.contains("&lt;presence&gt;: 0.250 at step 100, 0.125 at"))
    #expect(ModelsPage.Losses(TrainingLog(lines: [#"{"step": 1, "mask": 2}"#])) == nil)
  }

  @Test func `A figure's spread counts every clip`() throws {
    let spreads = FigureDistribution.all(SampleRecords.runs[1].report)
    let overlap = try #require(spreads.first { $0.name == "mIoU" })
    #expect(overlap.clips == 14 && overlap.lowest == "0.600" && overlap.highest == "0.630")
    #expect(spreads.map(\.name).contains("CIDEr"))
  }

  @Test func `A failure leads to the page of its clip, wherever that is`() async throws {
    let folder = try TestFolder()
    let clips = ["Bad", "bad", "zoo"]
    var snapshot = SampleRecords.snapshot(
      try clips.map { SampleRecords.failed(try ClipID($0)) })
    snapshot.queue = SampleRecords.queue
    _ = try await folder.generator.build(
      snapshot, source: SampleSource(try clips.map { SampleRecords.failed(try ClipID($0)) }))
    let page = try folder.text("queue.html")
    let found = page.firstMatch(of: /<a href="([^"]*)"><bdi>bad<\/bdi><\/a>/)
    let link = try #require(found).output.1
    // File systems that ignore case keep both.
    #expect(link.hasPrefix("collections/demo/clips/bad-") && link.hasSuffix("/index.html"))
    #expect(try folder.text(String(link)).contains("<h1><bdi>bad</bdi></h1>"))
    snapshot.queue?.failures[0].clip = "gone"
    _ = try await folder.generator.build(
      snapshot, source: SampleSource(try clips.map { SampleRecords.failed(try ClipID($0)) }))
    #expect(try folder.text("queue.html").contains("<td><bdi>gone</bdi></td>"))
  }

  @Test func `The time left is a range of the recent paces`() throws {
    let frame = PageFrame(
      title: "t", root: "", stylesheet: "", script: "", siteTitle: "", software: "",
      generated: MomentView(SampleRecords.takenAt), crumbs: [], twin: "")
    var queue = SampleRecords.queue
    queue.counts = [.init(state: "waiting", jobs: 60)]
    let remaining = { (queue: QueueSnapshot) in
      QueuePage(frame: frame, queue: queue) { _, _ in nil }.snapshot?.remaining.value
    }
    #expect(remaining(queue) == "30.0 min to 5.0 h")
    queue.throughput = []
    #expect(remaining(queue) == "unknown")
  }

  @Test func `Masks and sentences of the same clips are counted together`() throws {
    let report = SampleRecords.done(try ClipID("one"))
    let moments = ClipMoment.moments(of: report)
    let rows = [(0.95, 1.0), (0.9, 0.1), (0.2, 0.7), (0.1, 0.0)].flatMap { iou, rougeL in
      (0..<3).map { number in
        var clip = report
        clip.metrics?.values["mIoU"] = MetricValue(iou)
        clip.metrics?.values["ROUGE-L"] = MetricValue(rougeL)
        return ClipRow(clip, href: "\(number)", moments: moments, thumbnail: nil)
      }
    }
    let pairs = try #require(FigurePairs(rows))
    #expect(
      pairs.summary
        == "12 clips: mask and sentence at 0.5 or more in 3, only the mask in 3, "
        + "only the sentence in 3, neither in 3.")
    #expect(pairs.rows.map(\.range).first == "0.8–1.0" && pairs.columns.last == "0.8–1.0")
    #expect(pairs.rows[0].cells.map(\.clips) == [3, nil, nil, nil, 3])
    #expect(pairs.rows[4].cells.map(\.clips) == [3, nil, nil, nil, nil])
    #expect(FigurePairs(Array(rows.prefix(9))) == nil)
  }

  @Test func `Galleries are chosen by their rules, of clips with the same picture one`() throws {
    let report = SampleRecords.done(try ClipID("one"))
    let moments = ClipMoment.moments(of: report)
    var tally = CollectionTally()
    for number in 0..<16 {
      var clip = SampleRecords.done(try ClipID("clip-\(number)"))
      clip.metrics?.values["mIoU"] = MetricValue(Double(number) / 16)
      clip.metrics?.values["ROUGE-L"] = MetricValue(number == 15 ? 0.1 : number == 8 ? 0.05 : 0.6)
      let row = ClipRow(
        clip, href: "", moments: moments, thumbnail: number < 3 ? "same" : "\(number)")
      tally.add(ClipEntry(row: row, moments: moments))
    }
    let galleries = ClipGallery.all(tally, root: "")
    let ids = Dictionary(
      uniqueKeysWithValues: galleries.map { ($0.heading, $0.clips.map(\.row.id)) })
    #expect(ids["Worst"] == ["clip-0", "clip-3", "clip-4", "clip-5"])
    #expect(ids["Best"] == ["clip-15", "clip-14", "clip-13", "clip-12"])
    #expect(ids["Worst sentences"]?.prefix(2) == ["clip-8", "clip-15"])
    #expect(ids["Mask and sentence disagree"]?.first == "clip-15")
    #expect(galleries[0].clips[0].figures == "mIoU 0.000 · ROUGE-L 0.600")
  }

  @Test func `A collection is in the feed when nothing of it waits`() throws {
    let snapshot = SampleRecords.snapshot([])
    let cases: [(name: String, waiting: Int, at: Date?)] = [
      ("done", 0, SampleRecords.takenAt), ("open", 2, SampleRecords.takenAt), ("new", 0, nil),
    ]
    let entries = cases.map { name, waiting, at in
      CollectionEntry(
        name: name, summary: nil, href: "h", clips: 3, done: 2, failed: 1, waiting: waiting,
        metrics: nil, finishedAt: at, covers: [])
    }
    let feed = String(decoding: CollectionFeed.document(snapshot, entries), as: UTF8.self)
    #expect(feed.contains("<title>done is finished</title>"))
    #expect(feed.contains("3 clips: 2 done, 1 failed.") && feed.contains("/done/3/1790000000</id>"))
    #expect(!feed.contains("open is") && !feed.contains("new is"))
  }
}
