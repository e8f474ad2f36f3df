import Annotations
import Foundation
import Synchronization

@testable import ReportSite

/// A collection whose clips change, and which notes what is read of it.
final class RevisedSite: ClipReportSource {
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

  /// Adds a clip at its place in the order of ids.
  func add(_ clip: String) throws {
    let id = try ClipID(clip)
    state.withLock { state in
      state.clips = (state.clips.filter { $0 != id } + [id]).sorted { $0.text < $1.text }
    }
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
