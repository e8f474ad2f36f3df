import Annotations
import Evaluation
import Foundation
import Media
import Testing

@testable import ReportSite

@Suite struct CollectionDumpTests {
  @Test func `A dump has every clip's record, every run's figures and their checksums`()
    async throws
  {
    let folder = try TestFolder()
    let reports = try [
      SampleRecords.done(ClipID("one")), SampleRecords.failed(ClipID("bad")),
      SampleRecords.waiting(ClipID("later")),
    ]
    try await Self.build(reports, in: folder)
    let records = try Self.unpacked("records.jsonl.gz", in: folder).split(separator: "\n")
    let clips = try records.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(clips.map { $0["id"] as? String } == ["one", "bad", "later"])
    let own = try #require(
      try JSONSerialization.jsonObject(
        with: Data(folder.text("collections/demo/clips/one/index.json").utf8)) as? NSDictionary)
    #expect(clips[0] as NSDictionary == own)
    let figures = try Self.unpacked("figures.csv.gz", in: folder).split(separator: "\n")
    #expect(figures.count == 1 + 2 * 14)
    #expect(figures[0].hasPrefix("model,weights,clip,mIoU") && figures[0].hasSuffix("signature"))
    #expect(figures[1].hasPrefix("small,1111"))
    let list = try JSONDecoder().decode(
      DumpList.self, from: Data(folder.text("collections/demo/dump.json").utf8))
    #expect(list.files.map(\.lines) == [3, 28])
    for file in list.files {
      let path = "\(folder.site)/collections/demo/\(file.name)"
      #expect(try ContentHash.sha256(ofFile: path) == file.sha256)
    }
    let page = try folder.text("collections/demo/index.html")
    #expect(page.contains("href=\"records.jsonl.gz\" download"))
  }

  @Test func `Two dumps of the same records are the same, and without one there is none`()
    async throws
  {
    let (first, second) = (try TestFolder(), try TestFolder())
    let reports = [SampleRecords.done(try ClipID("one"))]
    try await Self.build(reports, in: first)
    try await Self.build(reports, in: second)
    #expect(try first.files() == second.files())
    try await first.build(reports)
    #expect(try first.files().keys.allSatisfy { !$0.hasSuffix(".gz") })
  }

  @Test func `Cells that would break a table are quoted`() {
    let line = String(
      decoding: CollectionDump.line(["a,b", "say \"hi\"", "c\nd", "e"]), as: UTF8.self)
    #expect(line == "\"a,b\",\"say \"\"hi\"\"\",\"c\nd\",e\n")
  }

  private struct DumpList: Decodable {
    struct File: Decodable {
      let name: String
      let sha256: String
      let lines: Int
    }

    let files: [File]
  }

  private static func build(_ reports: [ClipReport], in folder: TestFolder) async throws {
    var snapshot = SampleRecords.snapshot(reports)
    snapshot.collections[0].runs = SampleRecords.runs
    var options = SiteOptions()
    options.dumps = true
    _ = try await folder.generator.build(
      snapshot, source: SampleSource(reports), options: options)
  }

  private static func unpacked(_ name: String, in folder: TestFolder) throws -> String {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", "\(folder.site)/collections/demo/\(name)"]
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
