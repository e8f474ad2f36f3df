import Annotations
import Foundation
import Media
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
    #expect(files.keys.count { $0.contains("/frame-") } == 4)
    #expect(files.keys.count { $0.contains("/thumb-") } == 1)
    #expect(files.keys.count { $0.contains("/sound-") && $0.hasSuffix(PagePicture.ending) } == 1)
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
    let pictures = { Set(try folder.files().keys.filter { $0.hasSuffix(PagePicture.ending) }) }
    let before = try pictures()
    report.prediction?.frames[1].mask = SampleRecords.box(0, 0, 20)
    try await folder.build([report])
    let after = try pictures()
    let kinds = after.subtracting(before).compactMap { $0.split(separator: "/").last }
      .map { String($0.prefix { $0 != "-" }) }
    #expect(kinds.sorted() == ["poster", "thumb"])
    #expect(before.subtracting(after).count == 2)
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
    try await folder.build(reports, options: SiteOptions(media: .none))
    #expect(try !folder.files().keys.contains { $0.hasSuffix(".mp4") })
    try await folder.build(reports, options: SiteOptions(media: .link))
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
    try await folder.build([report], options: SiteOptions(media: .link))
    try FileManager.default.removeItem(atPath: symbolic)
    let name = try #require(try folder.files().keys.first { $0.hasSuffix(".mp4") })
    #expect(try folder.files()[name] == FileManager.default.contents(atPath: video))
  }

  @Test func `A video can be given in another format, and others stay for the other format`()
    async throws
  {
    let folder = try TestFolder()
    let video = folder.path + "/clip.mp4"
    try SampleVideo.make(at: video)
    let reports = [SampleRecords.done(try ClipID("one"), video: video)]
    for format in WebVideo.Format.allCases {
      try await folder.build(reports, options: SiteOptions(media: .transcode, format: format))
      let names = try folder.files().keys.filter { SiteListing.isVideo($0) }
      #expect(names.count == 1 && names[0].hasSuffix("-\(format.rawValue).\(format.ending)"))
      let info = try MediaReader(path: folder.site + "/" + names[0]).info
      #expect(WebVideo.isPlayable(info))
      #expect(info.video?.codec == format.rawValue)
      #expect(info.audio?.codec == (format == .h264 ? "aac" : "opus"))
      #expect(abs(info.duration - 4) < 0.1)
    }
  }

  @Test func `Where a hard link cannot be, a link by name is, and a copy takes its place later`()
    async throws
  {
    try #require(Self.isOtherFileSystem, "skipped, needs /dev/shm on another file system")
    let folder = try TestFolder()
    let elsewhere = "/dev/shm/avu-\(UUID().uuidString).mp4"
    defer { try? FileManager.default.removeItem(atPath: elsewhere) }
    try SampleVideo.make(at: elsewhere)
    let reports = [SampleRecords.done(try ClipID("one"), video: elsewhere)]
    try await folder.build(reports, options: SiteOptions(media: .link))
    let name = try #require(try folder.files().keys.first { SiteListing.isVideo($0) })
    let target = try FileManager.default.destinationOfSymbolicLink(
      atPath: folder.site + "/" + name)
    #expect(target == elsewhere)
    try await folder.build(reports, options: SiteOptions(media: .copy))
    #expect(!SiteFile.isLink(folder.site + "/" + name))
    #expect(try folder.files()[name] == FileManager.default.contents(atPath: elsewhere))
  }

  private static let isOtherFileSystem: Bool = {
    let device = { (path: String) in
      try? FileManager.default.attributesOfItem(atPath: path)[.systemNumber] as? Int
    }
    return device("/dev/shm").map { $0 != device(NSTemporaryDirectory()) } ?? false
  }()

  @Test func `A video on the web is named, and asked for only when the reader says so`()
    async throws
  {
    let folder = try TestFolder()
    var report = SampleRecords.done(try ClipID("one"))
    report.web = .init(address: "https://videos.example.org:8443/a%20b.mp4", isComplete: true)
    var secret = SampleRecords.done(try ClipID("two"))
    secret.web = .init(address: "https://videos.example.org/b.mp4", isComplete: false)
    try await folder.build([report, secret])
    let page = try folder.text("collections/demo/clips/one/index.html")
    #expect(page.contains("media-src 'self' https://videos.example.org:8443;"))
    #expect(page.contains("data-address=\"https://videos.example.org:8443/a%20b.mp4\""))
    #expect(!page.contains("src=\"https:"))
    let other = try folder.text("collections/demo/clips/two/index.html")
    #expect(other.contains("may be a secret") && !other.contains("<video"))
    #expect(other.contains("media-src 'self';"))
  }

  @Test(
    arguments: [
      ("https://a.example/b.mp4", "https://a.example"), ("http://[::1]/b.mp4", nil),
      ("https://a.example;script-src */b.mp4", nil), ("https://é.example/b.mp4", nil),
      ("file:///b.mp4", nil),
    ] as [(String, String?)])
  func `Only a plain host gets into a page's policy`(_ address: String, _ origin: String?) {
    #expect(ClipReport.Web(address: address, isComplete: true).origin == origin)
  }
}
