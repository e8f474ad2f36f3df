import Annotations
import Evaluation
import Foundation
import Testing

@testable import ReportSite

@Suite struct SiteGeneratorTests {
  @Test func `Every clip gets a page, whatever became of it`() async throws {
    let folder = try TestFolder()
    let index = try await folder.build([
      SampleRecords.done(ClipID("one")), SampleRecords.failed(ClipID("two")),
      SampleRecords.waiting(ClipID("three")),
    ])
    #expect(index == folder.site + "/index.html")
    let path = "collections/demo/clips"
    #expect(try folder.text("\(path)/one/index.html").contains("a red ball bounces"))
    let failed = try folder.text("\(path)/two/index.html")
    #expect(failed.contains("broken.mp4 is not a media file; give a video."))
    #expect(failed.contains("The worker process ended with signal 9."))
    #expect(try folder.text("\(path)/three/index.html").contains("waits for its analysis"))
    let dashboard = try folder.text("collections/demo/index.html")
    for name in ["one", "two", "three"] {
      #expect(dashboard.contains("href=\"clips/\(name)/index.html\""))
    }
    #expect(try folder.text("index.html").contains("collections/demo/index.html"))
  }

  @Test func `Neighbouring clips are linked in the collection's order`() async throws {
    let folder = try TestFolder()
    try await folder.build([
      SampleRecords.waiting(ClipID("b")), SampleRecords.waiting(ClipID("a")),
    ])
    let first = try folder.text("collections/demo/clips/b/index.html")
    #expect(first.contains("rel=\"next\" href=\"../a/index.html\""))
    #expect(!first.contains("rel=\"prev\""))
  }

  @Test func `The same records give the same bytes`() async throws {
    let first = try TestFolder()
    let second = try TestFolder()
    let reports = [SampleRecords.done(try ClipID("one")), SampleRecords.failed(try ClipID("two"))]
    try await first.build(reports)
    try await second.build(reports)
    try await second.build(reports)
    #expect(try first.files() == second.files())
  }

  @Test func `Each page has a JSON twin and the clip's downloads`() async throws {
    let folder = try TestFolder()
    try await folder.build([SampleRecords.done(ClipID("one"))])
    let path = folder.site + "/collections/demo/clips/one/"
    let data = try #require(FileManager.default.contents(atPath: path + "index.json"))
    struct Twin: Decodable { let prediction: Prediction }
    let twin = try JSONDecoder().decode(Twin.self, from: data)
    #expect(twin.prediction == SampleRecords.prediction(try ClipID("one")))
    let captions = try folder.text("collections/demo/clips/one/captions.vtt")
    #expect(captions == "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\na red ball bounces\n")
  }

  @Test func `The path of a video on the building machine stays private`() async throws {
    let folder = try TestFolder()
    var report = SampleRecords.done(try ClipID("one"))
    report.location = "/home/secret-person/clip.mp4"
    try await folder.build([report])
    for (path, page) in try folder.pages().merging(
      ["index.json": folder.text("collections/demo/clips/one/index.json")], uniquingKeysWith: { $1 }
    ) {
      #expect(!page.contains("secret-person"), "\(path)")
    }
  }

  @Test func `A long list is split into pages that link each other`() async throws {
    let folder = try TestFolder()
    let reports = try (0..<450).map { SampleRecords.waiting(try ClipID("clip-\($0)")) }
    try await folder.build(reports)
    let last = try folder.text("collections/demo/clips-5.html")
    #expect(last.contains("Showing 401 to 450 of 450 clips."))
    #expect(last.contains("href=\"index.html\"") && last.contains("href=\"clips-4.html\""))
    #expect(try folder.text("collections/demo/index.html").contains("href=\"clips-5.html\""))
  }

  @Test func `A site without collections says what to do`() async throws {
    let folder = try TestFolder()
    try await folder.build([])
    #expect(try folder.text("index.html").contains("avu submit"))
  }

  @Test func `METEOR is named after the stages that took part`() async throws {
    let folder = try TestFolder()
    try await folder.build([SampleRecords.done(ClipID("one"))])
    for page in ["index.html", "collections/demo/index.html"] {
      let text = try folder.text(page)
      #expect(text.contains("METEOR-exact-stem-synonym"), "\(page)")
      #expect(!text.contains(">METEOR<"), "\(page)")
    }
    let values = ["METEOR-exact-stem": MetricValue(0.2)]
    let set = MetricSet(counts: .init(clips: 1, frames: 0, captions: 1), values: values)
    #expect(MetricTiles.meteor(in: set) == "METEOR-exact-stem")
  }

  @Test func `A clip that is listed twice is refused`() async throws {
    let folder = try TestFolder()
    let clip = try ClipID("one")
    let snapshot = SiteSnapshot(
      title: "avu", generatedAt: SampleRecords.takenAt, softwareVersion: "avu",
      collections: [CollectionSnapshot(name: "demo", clips: [clip, clip])])
    await #expect(throws: SiteError.duplicate(what: "clip", name: "one")) {
      try await folder.generator.build(snapshot, source: SampleSource([]))
    }
  }
}
