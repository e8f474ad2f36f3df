import Annotations
import Evaluation
import Foundation
import Jobs
import JobsPostgres
import Postgres
import ReportSite
import ResultStore
import SyntheticData
import SyntheticStore
import TestSupport
import Testing

@testable import Workers

/// Sites of a real database, built again after it has changed.
@Suite struct IncrementalSiteTests {
  @Test func `An incremental build gives the bytes of a new one, whatever has changed`()
    async throws
  {
    let made = SyntheticCollection(count: 140, frames: 3)
    try await Self.onDatabase { connection, queue in
      let stored = StoredCollection(made, as: "c")
      try await stored.store(on: connection, queue)
      let folder = try TemporaryFolder()
      let results = Results(on: connection)
      let old = folder.path + "/old"
      #expect(try await Self.build(old, results, queue) == made.count)

      // Nothing: only the pages with the date are new.
      let before = try Self.identities(of: old)
      #expect(try await Self.build(old, results, queue) == 0)
      let renewed = try Self.identities(of: old).filter { before[$0.key] != $0.value }.keys.sorted()
      #expect(
        renewed == [
          "collections.atom", "failures.atom", "index.html", "queue.html", "queue.json",
          "site.json",
        ])

      // A file that somebody removed.
      try FileManager.default.removeItem(atPath: old + Self.twin(made.id(9)))
      #expect(try await Self.build(old, results, queue) == 1)

      // A done job that is done again, on another machine.
      try await Self.doAgain(made, clip: 3, queue)
      #expect(try await Self.build(old, results, queue) == 1)
      let twin = try String(contentsOfFile: old + Self.twin(made.id(3)), encoding: .utf8)
      #expect(twin.contains("\"attempts\": 2,"))

      // Other answers, other truth, a job that is tried again.
      try await stored.change([5, 6], take: 1, on: connection)
      var truth = made.truth(8)
      truth.notes = "seen again"
      try await results.save([truth], in: "c")
      #expect(try await queue.retry(JobFilter(states: [.failed])) == 1)
      #expect((1..<140).contains(try await Self.build(old, results, queue)))

      // What people wrote of one clip weighs the words of all others.
      let heard = (10..<140).filter { made.score($0)?.frames[1].truthSounding == true }
      var score = try #require(made.score(heard[0]))
      score.frames[1].references = ["nobody has ever written that before"]
      try await Self.save(score, of: SyntheticCollection.model, results)
      #expect(try await Self.build(old, results, queue) > 120)

      // Another model's answers to two clips: a second run.
      for clip in heard[1...2] {
        var prediction = try #require(made.prediction(clip, take: 7))
        prediction.model = .init(
          name: "other", sha256: String(repeating: "7f", count: 32), task: "ssu")
        _ = try await results.save(prediction, host: "bench", job: nil)
        try await Self.save(try #require(made.score(clip, take: 7)), of: prediction.model, results)
      }
      #expect(try await Self.build(old, results, queue) > 0)
      #expect(try await Self.build(old, results, queue) == 0)

      let new = folder.path + "/new"
      #expect(try await Self.build(new, results, queue) == made.count)
      let (left, right) = (try Self.files(of: old), try Self.files(of: new))
      #expect(left.keys.sorted() == right.keys.sorted())
      #expect(left.filter { right[$0.key] != $0.value }.keys.sorted() == [])
    }
  }

  // MARK: Steps

  private static func save(
    _ score: ClipScore, of model: Prediction.Model, _ results: Results
  ) async throws {
    try await results.save(
      score: String(decoding: try JSONEncoder().encode(score), as: UTF8.self),
      of: try ClipID(score.clip), in: "c", model: model.sha256)
  }

  private static func twin(_ clip: ClipID) -> String {
    "/collections/c/clips/\(clip.text)/index.json"
  }

  /// Lets the job of a clip be done a second time.
  private static func doAgain(
    _ made: SyntheticCollection, clip: Int, _ queue: PostgresJobQueue
  ) async throws {
    let key = JobPayload.inferenceKey(
      video: made.sha256(clip), model: SyntheticCollection.model.sha256)
    #expect(try await queue.retry(JobFilter(keys: [key])) == 1)
    #expect(try await queue.prioritize(JobFilter(keys: [key]), priority: 1) == 1)
    let worker = WorkerIdentity(host: "elsewhere", process: 2)
    let claimed = try await queue.claim(kinds: ["infer"], limit: 1, by: worker, for: .seconds(60))
    #expect(claimed.map(\.key) == [key])
    let ended = try await queue.finish(
      claimed.map(\.lease), claiming: [], limit: 0, by: worker, for: .seconds(60))
    #expect(ended.done.count == 1)
  }

  /// Builds a site of everything but the queue and the time, which are never the same.
  ///
  /// - Returns: How many clips were read for it.
  private static func build(
    _ output: String, _ results: Results, _ queue: PostgresJobQueue
  ) async throws -> Int {
    let selection = SiteSelection(
      title: "t", collections: [], model: nil, models: [SyntheticCollection.model.sha256])
    let records = try await SiteRecords(
      from: results, queue: queue, selection: selection, software: "avu")
    var snapshot = records.snapshot
    snapshot.queue = nil
    snapshot.generatedAt = Date(timeIntervalSince1970: 1_790_000_000)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let counter = CountingSource(records)
    _ = try await SiteGenerator(
      templates: root + "/templates", assets: root + "/public", output: output
    ).build(snapshot, source: counter)
    return await counter.read
  }

  /// The files of a folder with what tells one that was written anew: its number.
  private static func identities(of folder: String) throws -> [String: Int] {
    try files(of: folder).keys.reduce(into: [:]) { identities, path in
      let values = try FileManager.default.attributesOfItem(atPath: folder + "/" + path)
      if values[.type] as? FileAttributeType == .typeRegular {
        identities[path] = values[.systemFileNumber] as? Int
      }
    }
  }

  private static func files(of folder: String) throws -> [String: Data] {
    try FileManager.default.subpathsOfDirectory(atPath: folder).reduce(into: [:]) {
      $0[$1] = FileManager.default.contents(atPath: folder + "/" + $1)
    }
  }

  private static func onDatabase(
    _ body: (Connection, PostgresJobQueue) async throws -> Void
  ) async throws {
    try await TestDatabase.withSchema { target in
      let connection = try await Connection.connect(to: target)
      let pool = ConnectionPool(target: target, size: 2)
      try await body(connection, PostgresJobQueue(pool: pool))
      await pool.close()
      await connection.close()
    }
  }
}

/// Counts the clips that a build reads.
private actor CountingSource: ClipReportSource {
  private let records: SiteRecords
  private(set) var read = 0

  init(_ records: SiteRecords) { self.records = records }

  func reports(of clips: [ClipID], in collection: String) async throws -> [ClipReport] {
    read += clips.count
    return try await records.reports(of: clips, in: collection)
  }
}
