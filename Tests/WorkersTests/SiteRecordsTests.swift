import Annotations
import Evaluation
import Foundation
import Jobs
import JobsPostgres
import Postgres
import ReportSite
import ResultStore
import TestSupport
import Testing

@testable import Workers

@Suite struct SiteRecordsTests {
  @Test func `A failed clip's page names the file without the folders of the machine`()
    async throws
  {
    try await Self.onCollection(at: "/secret/folder/bad clip.mp4") { results, queue in
      _ = try await queue.enqueue([try Self.inferenceJob(at: "/secret/other/first.mp4")])
      let place = MediaLocation(path: Array("/secret/folder/bad clip.mp4".utf8))
      let message = "“\(place.shown)” or \(place.text) or /secret/other/first.mp4 is no video."
      try await Self.fail(queue, kind: "infer", message)
      let records = try await Self.records(results, queue)
      let report = try await records.reports(of: [ClipID("one")], in: "c")[0]
      guard case .failed(let reason, _, let attempts) = report.state else {
        Issue.record("\(report.state)")
        return
      }
      #expect(reason == "“bad clip.mp4” or bad clip.mp4 or first.mp4 is no video.")
      #expect(attempts.map(\.error) == [reason])
    }
  }

  @Test func `A file whose name is no text is read through a link that goes with the records`()
    async throws
  {
    let folder = try TemporaryFolder()
    let name = Array("clip ".utf8) + [0xFF] + Array(String(repeating: "é", count: 90).utf8)
    let location = try folder.write(Data("content".utf8), name: name + Array(".mp4".utf8))
    var link: String?
    try await Self.onCollection(at: location) { results, queue in
      let records = try await Self.records(results, queue)
      let report = try await records.reports(of: [ClipID("one")], in: "c")[0]
      let path = try #require(report.location)
      #expect(path.hasSuffix("é.mp4"))
      #expect(FileManager.default.contents(atPath: path) == Data("content".utf8))
      link = path
    }
    #expect(!FileManager.default.fileExists(atPath: try #require(link)))
    #expect(FileManager.default.fileExists(atPath: folder.path))
  }

  @Test func `A clip without a score is listed with what became of its scoring`() async throws {
    try await Self.onCollection(at: "/secret/one.mp4") { results, queue in
      func reason() async throws -> String? {
        let records = try await Self.records(results, queue)
        let report = try await records.snapshot.completed().collections[0].report
        #expect(report?.overall.values.isEmpty == true)
        return report?.unscored.first?.reason
      }
      try await results.save([Self.truth], in: "c")
      #expect(try await reason() == "it has ground truth, but no prediction to score")
      _ = try await results.save(Self.prediction, host: "box", job: nil)
      #expect(try await reason() == "it has ground truth, but no score yet")
      let unscored = try await results.unscored(model: Self.model, collection: "c")
      _ = try await queue.enqueue(try unscored.map { try JobPayload.job($0) })
      #expect(try await reason() == "its scoring is queued or running")
      try await Self.fail(queue, kind: "evaluate", "The mask of /secret/one.mp4 is broken.")
      #expect(try await reason() == "scoring failed: The mask of one.mp4 is broken.")
      let all = JobFilter(kind: "evaluate")
      _ = try await queue.retry(all)
      _ = try await queue.cancel(all)
      #expect(
        try await reason() == "scoring was called off; avu jobs retry queues it again")
    }
  }

  @Test func `The site shows pace, failures without folders, and the models that were scored`()
    async throws
  {
    try await Self.onCollection(at: "/secret/one.mp4") { results, queue in
      try await results.save([Self.truth], in: "c")
      _ = try await results.save(Self.prediction, host: "box", job: nil)
      let unscored = try await results.unscored(model: Self.model, collection: "c")
      _ = try await queue.enqueue(try unscored.map { try JobPayload.job($0) })
      try await Self.fail(queue, kind: "evaluate", "The mask of /secret/one.mp4 is broken.")
      let snapshot = try await Self.records(results, queue).snapshot.completed()
      let survey = try #require(snapshot.queue)
      #expect(survey.throughput.map(\.seconds) == [60, 600, 3600])
      #expect(survey.throughput.map(\.failed) == [1, 1, 1])
      #expect(survey.failed == 1)
      #expect(survey.failures.map(\.reason) == ["The mask of one.mp4 is broken."])
      #expect(survey.failures.map(\.work) == ["evaluate"])
      #expect(survey.failures.map(\.clip) == ["one"] && survey.failures.map(\.host) == ["box"])
      #expect(snapshot.collections[0].runs.isEmpty)
      #expect(try await results.scoredModels(in: "c").isEmpty)
    }
  }

  @Test func `Models that were scored on a collection are runs, and each clip has what all say`()
    async throws
  {
    try await Self.onCollection(at: "/secret/one.mp4") { results, queue in
      try await results.save([Self.truth], in: "c")
      let overlaps = [("9", 0.25), ("8", 0.75), ("7", 0.5)]
      for (digit, overlap) in overlaps {
        var prediction = Self.prediction
        prediction.model = .init(
          name: "model \(digit)", sha256: String(repeating: digit, count: 64), task: "ssu")
        _ = try await results.save(prediction, host: "box", job: nil)
        let score = ClipScore(
          clip: "one", category: "bird",
          frames: [
            FrameScore(
              time: 0.5, iou: overlap, fScore: 0.5, truthSounding: true,
              predictedSounding: true, references: ["a bird"], hypothesis: "a bird")
          ])
        try await results.save(
          score: String(decoding: try JSONEncoder().encode(score), as: UTF8.self),
          of: ClipID("one"), in: "c", model: prediction.model.sha256)
      }
      let records = try await Self.records(results, queue)
      let runs = try await records.snapshot.completed().collections[0].runs
      #expect(runs.map(\.model.name) == ["model 9", "model 8", "model 7"])
      #expect(runs.map { $0.report.overall.values["mIoU"]?.value } == [0.25, 0.75, 0.5])
      #expect(runs.map(\.clips) == [1, 1, 1])
      let report = try await records.reports(of: [ClipID("one")], in: "c")[0]
      #expect(report.prediction?.model.name == "model 7")
      #expect(report.metrics?.values["mIoU"]?.value == 0.5)
      let others = try #require(report.otherRuns)
      #expect(others.map(\.prediction.model.name) == ["model 8", "model 9"])
      #expect(others.map { $0.metrics?.values["mIoU"]?.value } == [0.75, 0.25])
      #expect(others.map { $0.score?.frames.first?.iou } == [0.75, 0.25])
    }
  }

  @Test func `A clip's revision changes with all that its page shows, and with nothing else`()
    async throws
  {
    let folder = try TemporaryFolder()
    let file = try folder.write(Data("content".utf8), name: Array("one.mp4".utf8))
    try await Self.onCollection(at: file) { results, queue in
      var seen: [String] = []
      func note() async throws {
        let first = try await Self.records(results, queue).snapshot.completed().collections[0]
        seen += try #require(first.revisions)
        let again = try await Self.records(results, queue).snapshot.completed().collections[0]
        #expect(first.revisions == again.revisions)
        #expect(first.inputs == again.inputs)
      }
      try await note()
      _ = try await queue.enqueue([try Self.inferenceJob(at: "/one.mp4")])
      try await note()
      try await Self.fail(queue, kind: "infer", "no video")
      try await note()
      try await results.save([Self.truth], in: "c")
      try await note()
      _ = try await results.save(Self.prediction, host: "box", job: nil)
      try await note()
      _ = try folder.write(Data("other content".utf8), name: Array("one.mp4".utf8))
      try await note()
      #expect(Set(seen).count == 6)
    }
  }

  // MARK: Fixtures

  private static let video = String(repeating: "1", count: 64)
  private static let model = String(repeating: "9", count: 64)
  private static let mask = RunLengthMask(BinaryMask(width: 2, height: 1, pixels: [0, 1]))

  private static let truth = ClipTruth(
    id: ClipID(fileName: "one"), source: "test", category: "bird", frameTimes: [0.5],
    sounding: [true], captions: [["a bird"]], masks: [mask])

  private static let prediction = Prediction(
    clip: .init(
      id: ClipID(fileName: "one"), sha256: video, duration: 1, fps: 25, width: 2, height: 1),
    model: .init(name: "avuformer-lite", sha256: model, task: "ssu"),
    frames: [
      .init(
        index: 0, time: 0.5, sounding: true, score: 0.9, mask: mask, caption: "a bird",
        category: "bird", objects: [])
    ], timings: .init(decodeSeconds: 0, modelSeconds: 0, totalSeconds: 0))

  private static func onCollection(
    at path: String, _ body: (Results, PostgresJobQueue) async throws -> Void
  ) async throws {
    try await onCollection(at: MediaLocation(path: Array(path.utf8)), body)
  }

  /// Runs a test on a collection “c” of one clip “one”.
  private static func onCollection(
    at location: MediaLocation, _ body: (Results, PostgresJobQueue) async throws -> Void
  ) async throws {
    try await TestDatabase.withSchema { target in
      let connection = try await Connection.connect(to: target)
      let results = Results(on: connection)
      let clip = NewClip(
        id: try ClipID("one"), sha256: video, bytes: 7, location: location.text)
      _ = try await results.register([clip], in: "c")
      let pool = ConnectionPool(target: target, size: 1)
      try await body(results, PostgresJobQueue(pool: pool))
      await pool.close()
      await connection.close()
    }
  }

  private static func inferenceJob(at path: String) throws -> NewJob {
    let payload = InferencePayload(
      clip: try ClipID("one"), location: MediaLocation(path: Array(path.utf8)).text,
      sha256: video, model: "avuformer-lite", modelSHA256: model, frameRate: 1)
    return try JobPayload.job(payload, collection: "c")
  }

  private static func fail(
    _ queue: PostgresJobQueue, kind: String, _ message: String
  ) async throws {
    let worker = WorkerIdentity(host: "box", process: 1)
    let claimed = try await queue.claim(
      kinds: [kind], limit: 1, by: worker, for: .seconds(60))
    let failure = JobFailure(message: message, isPermanent: true)
    let state = try await queue.fail(try #require(claimed.first).lease, failure)
    #expect(state == .failed)
  }

  private static func records(
    _ results: Results, _ queue: PostgresJobQueue
  ) async throws -> SiteRecords {
    let selection = SiteSelection(
      title: "t", collections: [], model: nil, models: [model])
    return try await SiteRecords(
      from: results, queue: queue, selection: selection, software: "avu")
  }
}
