import Annotations
import Foundation
import Testing

@testable import ReportSite

@Suite struct SiteFolderTests {
  @Test func `The old site stays when a record cannot be read`() async throws {
    let folder = try TestFolder()
    try await folder.build([SampleRecords.waiting(ClipID("one"))])
    let before = try folder.files()
    let snapshot = SampleRecords.snapshot([
      SampleRecords.waiting(try ClipID("one")), SampleRecords.waiting(try ClipID("two")),
    ])
    await #expect(throws: SampleSource.Unknown.self) {
      try await folder.generator.build(
        snapshot, source: SampleSource([SampleRecords.waiting(ClipID("one"))]))
    }
    #expect(try folder.files() == before)
  }

  @Test func `The old site stays when the disk is full`() async throws {
    let folder = try TestFolder()
    try await folder.build([SampleRecords.waiting(ClipID("one"))])
    let before = try folder.files()
    let path = folder.path + "/.site.building/collections/demo"
    let source = FullDiskSource(page: path + "/index.html")
    let snapshot = SampleRecords.snapshot([
      SampleRecords.waiting(try ClipID("one")), SampleRecords.waiting(try ClipID("two")),
    ])
    let error = await #expect(throws: SiteError.self) {
      try await folder.generator.build(snapshot, source: source)
    }
    #expect("\(try #require(error))".contains("(no space left on device);"))
    #expect(try folder.files() == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["site"])
  }

  @Test func `A folder that cannot be made is an error of one sentence with the system's reason`()
    throws
  {
    let folder = try TestFolder()
    try Data("a file".utf8).write(to: URL(fileURLWithPath: folder.path + "/file"))
    let error = #expect(throws: SiteError.self) {
      try SiteFolder(for: folder.path + "/file/site")
    }
    let text = "\(try #require(error))"
    #expect(text.hasPrefix("\(folder.path)/file"))
    #expect(text.contains(" cannot be written (file exists); make room"))
  }

  @Test func `What a killed build left is removed by the next`() async throws {
    let folder = try TestFolder()
    let leftover = folder.path + "/.site.building"
    try FileManager.default.createDirectory(
      atPath: leftover + "/collections", withIntermediateDirectories: true)
    try Data("half a page".utf8).write(to: URL(fileURLWithPath: leftover + "/index.html"))
    try Data("half a page".utf8).write(to: URL(fileURLWithPath: leftover + "/collections/x.html"))
    try await folder.build([SampleRecords.waiting(ClipID("one"))])
    #expect(try folder.files()["collections/x.html"] == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["site"])
  }

  @Test func `A folder that is no site is never replaced`() async throws {
    let folder = try TestFolder()
    try FileManager.default.createDirectory(
      atPath: folder.site, withIntermediateDirectories: true)
    let letter = folder.site + "/letter.txt"
    try Data("dear".utf8).write(to: URL(fileURLWithPath: letter))
    await #expect(throws: SiteError.notASite(path: folder.site)) { try await folder.build([]) }
    #expect(FileManager.default.contents(atPath: letter) == Data("dear".utf8))
  }

  @Test func `Two builds of one site do not mix`() async throws {
    let folder = try TestFolder()
    let first = try SiteFolder(for: folder.site)
    #expect(throws: SiteError.alreadyBuilding(path: folder.site)) {
      try SiteFolder(for: folder.site)
    }
    try first.write(Array("x".utf8), to: SiteFolder.marker)
    try first.commit()
    #expect(try folder.files() == [SiteFolder.marker: Data("x".utf8)])
  }

  @Test func `Clips that are gone have no page in the next site`() async throws {
    let folder = try TestFolder()
    try await folder.build([
      SampleRecords.waiting(ClipID("one")), SampleRecords.waiting(ClipID("two")),
    ])
    try await folder.build([SampleRecords.waiting(ClipID("two"))])
    #expect(try folder.files().keys.contains { $0.contains("/one/") } == false)
  }
}

/// Lets the disk be full when the page of the collection is written: the page's file is a link to
/// the device that takes no byte.
private struct FullDiskSource: ClipReportSource {
  let page: String

  func reports(of clips: [ClipID], in collection: String) async throws -> [ClipReport] {
    try FileManager.default.createSymbolicLink(atPath: page, withDestinationPath: "/dev/full")
    return clips.map { SampleRecords.waiting($0) }
  }
}
