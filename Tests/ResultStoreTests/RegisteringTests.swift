import Annotations
import Postgres
@testable import ResultStore
import Testing
import TestSupport

@Suite struct RegisteringTests {
  @Test func `registering again adds nothing`() async throws {
    try await onResults { results, _ in
      let clips = [clip("a", content: 1), clip("b", content: 2)]
      let first = try await results.register(clips, in: "birds")
      #expect(first.newClips == 2 && first.newVideos == 2)
      let second = try await results.register(clips, in: "birds")
      #expect(second.newClips == 0 && second.newVideos == 0)
      let summary = try await results.collections()
      #expect(summary.map(\.name) == ["birds"])
      #expect(summary[0].clips == 2 && summary[0].predicted == 0)
    }
  }

  @Test func `the same content in two collections is one video`() async throws {
    try await onResults { results, _ in
      _ = try await results.register([clip("a", content: 1)], in: "one")
      let second = try await results.register([clip("other", content: 1)], in: "two")
      #expect(second.newClips == 1 && second.newVideos == 0)
    }
  }

  @Test func `a file that moved is found at its new place`() async throws {
    try await onResults { results, _ in
      _ = try await results.register([clip("a", content: 1, at: "/old/a.mp4")], in: "c")
      let again = try await results.register([clip("a", content: 1, at: "/new/a.mp4")], in: "c")
      #expect(again.newClips == 0)
      let clips = try await results.clips(in: "c")
      #expect(clips.map(\.location) == ["/new/a.mp4"])
    }
  }

  @Test func `a name for another file is refused with both paths, and nothing is kept`()
    async throws
  {
    try await onResults { results, _ in
      _ = try await results.register([clip("a", content: 1, at: "/x/a.mp4")], in: "c")
      let conflict = ClipConflict(clip: "a", first: "/x/a.mp4", second: "/y/a.mp4")
      await #expect(throws: ResultStoreError.conflictingClips([conflict], total: 1)) {
        let clips = [clip("b", content: 3), clip("a", content: 2, at: "/y/a.mp4")]
        return try await results.register(clips, in: "c")
      }
      let clips = try await results.clips(in: "c")
      #expect(clips.map(\.id.text) == ["a"])
      let others = try await results.register(
        [clip("b", content: 3), clip("a", content: 2, at: "/y/a.mp4")], in: "c",
        leavesOutConflicts: true)
      #expect(others.newClips == 1 && others.newVideos == 1 && others.conflicts == [conflict])
      await #expect(throws: ResultStoreError.conflictingClips([conflict], total: 1)) {
        try await results.register(
          [clip("a", content: 2, at: "/y/a.mp4")], in: "c", leavesOutConflicts: true)
      }
      let text = ResultStoreError.conflictingClips([conflict], total: 3).description
      #expect(text.contains("/x/a.mp4") && text.contains("/y/a.mp4") && text.contains("2 more"))
    }
  }

  @Test func `two new files with one name are refused`() async throws {
    try await onResults { results, _ in
      let conflict = ClipConflict(clip: "a", first: "/x/a.mp4", second: "/y/a.mp4")
      await #expect(throws: ResultStoreError.conflictingClips([conflict], total: 1)) {
        let clips = [
          clip("a", content: 1, at: "/x/a.mp4"), clip("a", content: 2, at: "/y/a.mp4"),
        ]
        return try await results.register(clips, in: "c")
      }
      let same = [clip("a", content: 1, at: "/x/a.mp4"), clip("a", content: 1, at: "/y/a.mp4")]
      let found = try await results.register(same, in: "c")
      #expect(found.newClips == 1)
    }
  }

  @Test func `registrations at the same time leave no name with two contents`() async throws {
    try await TestDatabase.withSchema { target in
      let outcomes = await withTaskGroup(of: Bool.self) { group in
        for content in 1...4 {
          group.addTask {
            do {
              let connection = try await Connection.connect(to: target)
              let clips = [clip("same", content: content), clip("own\(content)", content: content)]
              _ = try await Results(on: connection).register(clips, in: "c")
              await connection.close()
              return true
            } catch { return false }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.count { $0 } == 1)
    }
  }

  @Test func `odd names and places are kept as they are`() async throws {
    try await onResults { results, _ in
      let name = "ü 'quoted\" 漢 🎻"
      let place = "/videos/a\tb\nc\\d '\"\u{1}.mp4"
      _ = try await results.register([clip(name, content: 1, at: place)], in: "odd \"c'")
      let clips = try await results.clips(in: "odd \"c'")
      #expect(clips.map(\.id.text) == [name])
      #expect(clips.map(\.location) == [place])
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a hundred thousand clips are registered and read back in pages`() async throws {
    try await onResults { results, connection in
      let clips = (0..<100_000).map { clip("clip-\($0)", content: $0) }
      let found = try await results.register(clips, in: "big")
      #expect(found.newClips == 100_000 && found.newVideos == 100_000)
      // A vacuum while the clips were on their way counted none of them.
      for table in ["clip", "video"] {
        try await connection.executeScript(
          "ALTER TABLE \(table) SET (autovacuum_enabled = off);"
            + "UPDATE pg_class SET reltuples = 0 WHERE oid = '\(table)'::regclass")
      }
      var seen: [ClipID] = []
      while true {
        let page = try await results.clips(in: "big", after: seen.last, limit: 10_000)
        if page.isEmpty { break }
        seen += page.map(\.id)
      }
      #expect(Set(seen).count == 100_000)
      #expect(seen == seen.sorted())
    }
  }

  @Test func `a caller's transaction decides whether clips are kept`() async throws {
    struct Stop: Error {}
    try await onResults { results, connection in
      try? await connection.transaction { transaction in
        let results = Results(on: transaction)
        _ = try await results.register([clip("a", content: 1)], in: "c")
        _ = try await results.register([clip("b", content: 2)], in: "c")
        throw Stop()
      }
      let collections = try await results.collections()
      #expect(collections.isEmpty)
    }
  }
}
