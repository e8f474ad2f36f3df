import Annotations
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

  @Test func `Any number of jobs gives the same bytes`() async throws {
    let (one, many) = (try TestFolder(), try TestFolder())
    let site = try RevisedSite(clips: 150)
    try await site.build(in: one, options: SiteOptions(jobs: 1))
    try await site.build(in: many, options: SiteOptions(jobs: 7))
    #expect(try one.files() == many.files())
  }
}

/// A collection whose clips change, and which notes what is read of it.
private final class RevisedSite: ClipReportSource {
  struct State {
    var clips: [ClipID]
    var revisions: [String: Int] = [:]
    var read: [String] = []
    var failing: String?
    var title = "avu"
  }

  let state: Mutex<State>

  init(clips: Int) throws {
    state = Mutex(State(clips: try (0..<clips).map { try ClipID("clip-\($0)") }))
  }

  func change(_ clips: [String]) {
    state.withLock { state in for clip in clips { state.revisions[clip, default: 0] += 1 } }
  }

  func remove(_ clip: String) { state.withLock { $0.clips.removeAll { $0.text == clip } } }

  func reports(of clips: [ClipID], in collection: String) async throws -> [ClipReport] {
    try state.withLock { state in
      try clips.map { clip in
        if clip.text == state.failing { throw SampleSource.Unknown() }
        state.read.append(clip.text)
        return SampleRecords.done(clip, sentence: "take \(state.revisions[clip.text] ?? 0)")
      }
    }
  }

  /// Builds the site.
  ///
  /// - Returns: The clips that were read for it, in order.
  @discardableResult
  func build(in folder: TestFolder, options: SiteOptions = SiteOptions()) async throws -> [String] {
    let snapshot = state.withLock { state in
      state.read = []
      return SiteSnapshot(
        title: state.title, generatedAt: SampleRecords.takenAt, softwareVersion: "avu 0.1.0",
        collections: [
          CollectionSnapshot(
            name: "demo", clips: state.clips,
            revisions: state.clips.map { "\(state.revisions[$0.text] ?? 0)" })
        ])
    }
    _ = try await folder.generator.build(snapshot, source: self, options: options)
    return state.withLock { $0.read.sorted() }
  }
}

extension TestFolder {
  /// The files of the site with what tells one that was written anew: its number.
  fileprivate func identities() throws -> [String: Int] {
    try files().keys.reduce(into: [:]) { identities, path in
      let values = try FileManager.default.attributesOfItem(atPath: site + "/" + path)
      identities[path] = values[.systemFileNumber] as? Int
    }
  }
}
