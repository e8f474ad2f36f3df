import Annotations
import Foundation
import Testing

@testable import ReportSite

@Suite(.enabled(if: SampleVideo.isPossible, "skipped, needs ffmpeg"))
struct ClipMediaTests {
  @Test func `A clip's page has its video and key frames`() async throws {
    let folder = try TestFolder()
    let video = folder.path + "/it's a \"clip\".mp4"
    try SampleVideo.make(at: video)
    try await folder.build([SampleRecords.done(ClipID("one"), video: video)])
    let page = try folder.text("collections/demo/clips/one/index.html")
    let digest = try SampleVideo.digest(of: video).prefix(24)
    let address = "media/\(digest.prefix(2))/video-\(digest).mp4"
    #expect(page.contains("src=\"../../../../\(address)\""))
    let files = try folder.files()
    #expect(files[address] == FileManager.default.contents(atPath: video))
    #expect(files.keys.count { $0.contains("/frame-") } == 5)
    #expect(files.keys.count { $0.contains("/sound-") && $0.hasSuffix(".jpg") } == 1)
    #expect(page.contains("Frame at 0:01.5: the predicted mask covers 10 %."))
  }

  @Test func `A video that no browser plays is converted once`() async throws {
    let folder = try TestFolder()
    let video = folder.path + "/clip.avi"
    try SampleVideo.make(at: video, codec: "mpeg2video")
    let reports = [SampleRecords.done(try ClipID("one"), video: video)]
    try await folder.build(reports)
    let name = try #require(try folder.files().keys.first { $0.hasSuffix("-h264.mp4") })
    let first = try FileManager.default.attributesOfItem(atPath: folder.site + "/" + name)
    try await folder.build(reports)
    let second = try FileManager.default.attributesOfItem(atPath: folder.site + "/" + name)
    #expect(first[.systemFileNumber] as? Int == second[.systemFileNumber] as? Int)
  }

  @Test func `A picture is drawn anew when its mask changes, and only then`() async throws {
    let folder = try TestFolder()
    let video = folder.path + "/clip.mp4"
    try SampleVideo.make(at: video)
    var report = SampleRecords.done(try ClipID("one"), video: video)
    try await folder.build([report])
    let before = Set(try folder.files().keys.filter { $0.hasSuffix(".jpg") })
    report.prediction?.frames[2].mask = SampleRecords.box(0, 0, 20)
    try await folder.build([report])
    let after = Set(try folder.files().keys.filter { $0.hasSuffix(".jpg") })
    #expect(after.subtracting(before).count == 1)
    #expect(before.subtracting(after).count == 1)
  }

  @Test func `A video that is gone, broken or changed is a notice on the page`() async throws {
    let folder = try TestFolder()
    let broken = folder.path + "/broken.mp4"
    try Data("no video".utf8).write(to: URL(fileURLWithPath: broken))
    let changed = folder.path + "/changed.mp4"
    try SampleVideo.make(at: changed)
    var other = SampleRecords.done(try ClipID("changed"))
    other.location = changed
    var reports = [other]
    for (name, path) in [("gone", folder.path + "/gone.mp4"), ("broken", broken)] {
      var report = SampleRecords.done(try ClipID(name))
      report.location = path
      reports.append(report)
    }
    try await folder.build(reports)
    for name in ["gone", "broken", "changed"] {
      let page = try folder.text("collections/demo/clips/\(name)/index.html")
      #expect(page.contains("The video cannot be shown"), "\(name)")
      #expect(!page.contains("<video"), "\(name)")
      #expect(page.contains("a red ball bounces"), "\(name)")
    }
  }

  @Test func `Videos can be left out or linked`() async throws {
    let folder = try TestFolder()
    let video = folder.path + "/clip.mp4"
    try SampleVideo.make(at: video)
    let reports = [SampleRecords.done(try ClipID("one"), video: video)]
    try await folder.build(reports, options: SiteOptions(videos: .omit))
    #expect(try !folder.files().keys.contains { $0.hasSuffix(".mp4") })
    try await folder.build(reports, options: SiteOptions(videos: .link))
    let name = try #require(try folder.files().keys.first { $0.hasSuffix(".mp4") })
    let linked = try FileManager.default.attributesOfItem(atPath: folder.site + "/" + name)
    let original = try FileManager.default.attributesOfItem(atPath: video)
    #expect(linked[.systemFileNumber] as? Int == original[.systemFileNumber] as? Int)
  }

  @Test func `A linked video outlives the symbolic link that it was read through`() async throws {
    let folder = try TestFolder()
    let video = folder.path + "/clip.mp4"
    let symbolic = folder.path + "/named otherwise.mp4"
    try SampleVideo.make(at: video)
    try FileManager.default.createSymbolicLink(atPath: symbolic, withDestinationPath: video)
    let report = SampleRecords.done(try ClipID("one"), video: symbolic)
    try await folder.build([report], options: SiteOptions(videos: .link))
    try FileManager.default.removeItem(atPath: symbolic)
    let name = try #require(try folder.files().keys.first { $0.hasSuffix(".mp4") })
    #expect(try folder.files()[name] == FileManager.default.contents(atPath: video))
  }
}
