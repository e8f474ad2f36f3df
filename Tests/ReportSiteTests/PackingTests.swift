import Annotations
import Foundation
import Testing

@testable import ReportSite

/// Sites with few files, and sites in one.
@Suite struct PackingTests {
  @Test func `Addresses in tags are found, and nothing else`() {
    let html = """
      <a href="../../index.html#top"><img src="x.jpg" alt="src=&quot;no&quot;">src="text.jpg"</a>
      <script type="application/json">{"a":"<a href=\\"no.html\\">"}</script>
      <a href="https://example.org/a.html">a</a><a href="#here">b</a><video poster="p.jpg"></video>
      """
    var found: [String] = []
    let same = PageLinks(page: "a/b/c.html").rewritten(Array(html.utf8)[...]) { link in
      found.append("\(link.element) \(link.attribute) \(link.path) \(link.fragment)")
      return .address("!" + link.path)
    }
    #expect(found == ["a href index.html #top", "img src a/b/x.jpg ", "video poster a/b/p.jpg "])
    let text = String(decoding: same, as: UTF8.self)
    #expect(text.contains("<a href=\"!index.html\"><img src=\"!a/b/x.jpg\" alt"))
    #expect(
      text.contains("src=\"text.jpg\"") && text.contains("{\"a\":\"<a href=\\\"no.html\\\">\"}"))
  }

  @Test func `An attribute can go`() {
    let html = Array("<a class=\"c\" href=\"x.html\" id=\"i\">a</a>".utf8)
    let result = PageLinks(page: "index.html").rewritten(html[...]) { _ in .remove }
    #expect(String(decoding: result, as: UTF8.self) == "<a class=\"c\" id=\"i\">a</a>")
  }

  @Test func `A packed site has few files, the same bytes each time, and no file of a clip`()
    async throws
  {
    let folder = try TestFolder()
    let reports = try (0..<40).map { SampleRecords.done(try ClipID("clip-\($0)")) }
    try await folder.publish(reports, .packed)
    let first = try folder.files()
    #expect(first.keys.contains("clip.html") && first.keys.contains("pack/pages-0.js"))
    #expect(!first.keys.contains { $0.contains("/clips/") || $0.hasPrefix("media/") })
    let list = try folder.text("collections/demo/index.html")
    #expect(list.contains("href=\"../../clip.html?collections/demo/clips/clip-0/index.html\""))
    try await folder.publish(reports, .packed)
    #expect(try folder.files() == first)
  }

  @Test func `A clip is in the script that its path's hash names`() throws {
    // As FNV-1a's authors give it for "foobar".
    #expect(PackShards.shard(of: "foobar", among: 1 << 32) == 0xbf9c_f968)
    let paths = (0..<500).map { "collections/c/clips/\($0)/index.html" }
    let shards = PackShards("pages", of: paths, bytes: 1000) { _ in 100 }
    #expect(shards.paths.count == 50 && shards.paths.joined().count == 500)
    #expect(shards.paths.allSatisfy { $0.count < 40 })
  }

  @Test func `A single file has everything inside, and its policy allows nothing else`()
    async throws
  {
    let folder = try TestFolder()
    let reports = [SampleRecords.done(try ClipID("one")), SampleRecords.done(try ClipID("two"))]
    let file = try await folder.publish(reports, .singleFile, to: "all.html")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("default-src 'none'; script-src 'sha256-"))
    #expect(!text.contains("<script src=") && !text.contains("<link rel=\"stylesheet\""))
    #expect(text.contains("<h1><bdi>demo</bdi></h1>"))
    #expect(text.contains("href=\"?collections/demo/clips/one/index.html\""))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["all.html"])
    // It may be replaced, another file may not.
    _ = try await folder.publish(reports, .singleFile, to: "all.html")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
    await #expect(throws: SiteError.notASite(path: file)) {
      try await folder.publish(reports, .singleFile, to: "all.html")
    }
  }

  @Test func `The file of a clip tells nothing of others`() async throws {
    let folder = try TestFolder()
    let reports = [
      SampleRecords.done(try ClipID("one")), SampleRecords.failed(try ClipID("secret")),
    ]
    let file = try await folder.publish(
      [reports[0]], .singleFile, to: "one.html", clip: reports[0].id)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("<h1><bdi>one</bdi></h1>") && text.contains("a red ball bounces"))
    #expect(!text.contains("secret") && !text.contains("signal 11"))
    #expect(text.contains("href=\"?methods.html\"") && !text.contains("results.html\""))
  }

  @Test func `How large a site will be is known about before it is built`() async throws {
    let reports = try (0..<40).map { SampleRecords.done(try ClipID("clip-\($0)")) }
    for profile in [SitePublisher.Profile.full, .packed, .singleFile] {
      let folder = try TestFolder()
      let path = try await folder.publish(
        reports, profile, to: profile == .singleFile ? "a.html" : "site")
      let size = profile == .singleFile ? SiteSize(ofFile: path) : SiteSize(of: folder.site)
      let estimate = SiteEstimate(
        of: SampleRecords.snapshot(reports), options: SiteOptions(), profile: profile)
      let ratio = Double(estimate.likely.bytes) / Double(size.bytes)
      #expect((0.3...3).contains(ratio), "\(profile): \(estimate.likely.bytes), \(size.bytes)")
      #expect(abs(estimate.likely.files - size.files) < 60)
      #expect(estimate.least.files <= size.files && estimate.least.bytes <= size.bytes)
    }
  }

  @Test func `Videos count in an estimate as they get in`() throws {
    var snapshot = SampleRecords.snapshot([SampleRecords.done(try ClipID("one"))])
    snapshot.collections[0].videos = SiteSize(
      files: 1, bytes: 200 << 20, largest: "v", largestBytes: 200 << 20)
    let estimate = { (media: SiteOptions.Media, converts: Bool) in
      let options = SiteOptions(media: media, convertsVideos: converts)
      return SiteEstimate(of: snapshot, options: options, profile: .full)
    }
    #expect(estimate(.link, true).likely.bytes > 200 << 20)
    #expect(estimate(.none, true).likely.bytes < 10 << 20)
    // What a conversion makes of a video is not known.
    #expect(estimate(.copy, false).least.bytes == 200 << 20)
    #expect(estimate(.copy, true).least.bytes == 0)
    #expect(HostLimits.all[0].problems(of: estimate(.copy, true).likely).count == 1)
    #expect(HostLimits.all[0].problems(of: estimate(.none, true).likely) == [])
  }

  @Test func `A site that a host does not take is not put in place`() async throws {
    let folder = try TestFolder()
    let reports = [SampleRecords.done(try ClipID("one"))]
    try await folder.build(reports)
    let before = try folder.files()
    let small = HostLimits(
      name: "small", title: "Small", bytes: 1000, files: 3, fileBytes: 200)
    for profile in [SitePublisher.Profile.full, .packed] {
      let error = await #expect(throws: SiteError.self) {
        try await folder.publish(reports, profile, host: small)
      }
      let words = "\(try #require(error))"
      #expect(words.contains("Small does not take this site") && words.contains("3 are allowed"))
    }
    #expect(try folder.files() == before)
    let none = HostLimits(name: "none", title: "None", bytes: nil, files: 1, fileBytes: nil)
    let error = await #expect(throws: SiteError.self) {
      // It is known before a record is read.
      try await folder.publish([], .full, host: none, snapshot: SampleRecords.snapshot(reports))
    }
    #expect("\(try #require(error))".contains("at least 2 files, and 1 are allowed"))
    let size = SiteSize(of: folder.site)
    #expect(size.files == before.count && size.bytes == before.values.reduce(0) { $0 + $1.count })
    #expect(HostLimits.all.allSatisfy { $0.problems(of: size).isEmpty })
  }
}
