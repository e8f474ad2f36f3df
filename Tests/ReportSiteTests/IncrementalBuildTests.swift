import Annotations
import Evaluation
import Foundation
import Synchronization
import Testing

@testable import ReportSite

@Suite struct IncrementalBuildTests {
  @Test func `Only clips with a new revision are read, and only their files change`() async throws {
    let folder = try TestFolder()
    let site = try RevisedSite(clips: 40)
    #expect(try await site.build(in: folder).count == 40)
    let before = try folder.identities()
    site.change(["clip-7"])
    #expect(try await site.build(in: folder) == ["clip-7"])
    let changed = try folder.identities().filter { before[$0.key] != $0.value }.keys
    #expect(changed.allSatisfy { !$0.contains("/clips/") || $0.contains("/clips/clip-7/") })
    #expect(changed.contains("collections/demo/clips/clip-7/index.html"))
    #expect(try await site.build(in: folder).isEmpty)
  }

  @Test func `An incremental build gives the bytes of a new one`() async throws {
    let (old, new) = (try TestFolder(), try TestFolder())
    let site = try RevisedSite(clips: 12)
    try await site.build(in: old)
    site.change(["clip-3", "clip-11"])
    site.remove("clip-5")
    try await site.build(in: old)
    try await site.build(in: new)
    #expect(try old.files() == new.files())
    #expect(try !old.files().keys.contains { $0.contains("clip-5/") })
  }

  @Test func `A clip whose neighbour is gone gets new links`() async throws {
    let folder = try TestFolder()
    let site = try RevisedSite(clips: 3)
    try await site.build(in: folder)
    site.remove("clip-1")
    #expect(try await site.build(in: folder) == ["clip-0", "clip-2"])
    let page = try folder.text("collections/demo/clips/clip-0/index.html")
    #expect(page.contains("rel=\"next\" href=\"../clip-2/index.html\""))
  }

  @Test func `Other options, titles or templates make every page anew`() async throws {
    let folder = try TestFolder()
    let site = try RevisedSite(clips: 3)
    try await site.build(in: folder)
    site.state.withLock { $0.title = "another" }
    #expect(try await site.build(in: folder).count == 3)
    #expect(try await site.build(in: folder, options: SiteOptions(keyFrames: 2)).count == 3)
  }

  @Test func `An interrupted build is gone on with`() async throws {
    let (folder, other) = (try TestFolder(), try TestFolder())
    let site = try RevisedSite(clips: 200)
    site.state.withLock { $0.failing = "clip-199" }
    await #expect(throws: SampleSource.Unknown.self) {
      try await site.build(in: folder, options: SiteOptions(jobs: 1))
    }
    let early = site.state.withLock { $0.read }
    #expect(early.count > 100)
    site.state.withLock { $0.failing = nil }
    site.change([early[0]])
    site.remove(early[1])
    let late = try await site.build(in: folder)
    #expect(late.contains(early[0]))
    #expect(late.count < 120)
    try await site.build(in: other)
    #expect(try folder.files() == other.files())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["site"])
  }

  @Test func `A file that was removed from the site is made again`() async throws {
    let folder = try TestFolder()
    let site = try RevisedSite(clips: 3)
    try await site.build(in: folder)
    let whole = try folder.files()
    try FileManager.default.removeItem(
      atPath: folder.site + "/collections/demo/clips/clip-1/captions.vtt")
    #expect(try await site.build(in: folder) == ["clip-1"])
    #expect(try folder.files() == whole)
  }

  @Test func `A site that was replaced is where the next begins, and stays what it was`()
    async throws
  {
    let (folder, other) = (try TestFolder(), try TestFolder())
    let hidden = folder.path + "/.site.building"
    let site = try RevisedSite(clips: 9)
    var options = SiteOptions()
    options.keepsReplacedFrom = 9
    try await site.build(in: folder, options: options)
    site.change(["clip-1"])
    try await site.build(in: folder, options: options)
    let page = "/collections/demo/clips/clip-2/index.html"
    let before = try #require(FileManager.default.contents(atPath: hidden + page))
    let unchanged = try folder.number(of: "collections/demo/clips/clip-7")
    site.change(["clip-2"])
    // What has changed since the site in place is read, what has changed before is linked.
    #expect(try await site.build(in: folder, options: options) == ["clip-2"])
    #expect(try folder.number(of: "collections/demo/clips/clip-7") != unchanged)
    #expect(FileManager.default.contents(atPath: hidden + page) == before)
    #expect(FileManager.default.contents(atPath: folder.site + page) != before)
    try await site.build(in: other)
    #expect(try folder.files() == other.files())
    // Nothing to do: the hidden folder waits for the next change.
    #expect(try await site.build(in: folder, options: options).isEmpty)
    #expect(SiteFile.exists(hidden + page))
    options.keepsReplacedFrom = 10
    site.change(["clip-3"])
    #expect(try await site.build(in: folder, options: options) == ["clip-3"])
    #expect(!SiteFile.exists(hidden))
  }

  @Test(arguments: [UInt64](1...4))
  func `Whatever happened before, a build gives what a new one gives`(seed: UInt64) async throws {
    let (folder, other) = (try TestFolder(), try TestFolder())
    var lots = SplitMix64(seed: seed)
    let site = try RevisedSite(clips: 70)
    var options = SiteOptions()
    options.keepsReplacedFrom = seed.isMultiple(of: 2) ? 0 : .max
    for _ in 0..<14 {
      let clips = site.state.withLock { $0.clips.map(\.text) }
      for _ in 0..<Int.random(in: 1...3, using: &lots) {
        let clip = clips.randomElement(using: &lots) ?? "clip-0"
        let page = folder.site + "/collections/demo/clips/\(clip)"
        switch Int.random(in: 0..<8, using: &lots) {
        case 0, 1: site.change([clip])
        case 2: site.remove(clip)
        case 3: try site.add("clip-\(Int.random(in: 0..<90, using: &lots))")
        case 4: options.keyFrames = options.keyFrames == 6 ? 2 : 6
        case 5: try? FileManager.default.removeItem(atPath: page + "/index.json")
        case 6: try? FileManager.default.removeItem(atPath: page)
        default: site.state.withLock { $0.title = Bool.random(using: &lots) ? "avu" : "another" }
        }
      }
      // A build that ends early, at some clip, when there is anything to read.
      if Bool.random(using: &lots) {
        site.state.withLock { $0.failing = $0.clips.randomElement(using: &lots)?.text }
        _ = try? await site.build(in: folder, options: options)
        site.state.withLock { $0.failing = nil }
        if Bool.random(using: &lots) { continue }
      }
      try await site.build(in: folder, options: options)
      try? FileManager.default.removeItem(atPath: other.site)
      try await site.build(in: other, options: options)
      #expect(try folder.files() == other.files())
    }
  }

  @Test func `Any number of jobs gives the same bytes`() async throws {
    let (one, many) = (try TestFolder(), try TestFolder())
    let site = try RevisedSite(clips: 150)
    try await site.build(in: one, options: SiteOptions(jobs: 1))
    try await site.build(in: many, options: SiteOptions(jobs: 7))
    #expect(try one.files() == many.files())
  }
}

extension TestFolder {
  /// The files of the site with what tells one that was written anew: its number.
  fileprivate func identities() throws -> [String: Int] {
    try files().keys.reduce(into: [:]) { $0[$1] = try number(of: $1) }
  }

  /// The number by which the file system knows a file or folder.
  fileprivate func number(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: site + "/" + path)[.systemFileNumber] as? Int
  }
}

extension SplitMix64: RandomNumberGenerator {}
