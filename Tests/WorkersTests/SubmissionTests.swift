import Annotations
import Foundation
import Jobs
import JobsPostgres
import Postgres
import ResultStore
import TestSupport
import Testing

@testable import Workers

/// What a submission queues when clips' ground truth changes.
@Suite struct SubmissionTests {
  @Test func `A truth that is changed and changed back is scored each time`() async throws {
    try await Fixture.with { fixture in
      #expect(try await fixture.submit("a bird") == 0)
      try await fixture.results.predict(by: fixture.model.sha256)
      for caption in ["a bird", "a crow", "a bird", "a crow"] {
        #expect(try await fixture.submit(caption) == 1, "\(caption)")
        try await fixture.scoreAll()
      }
      #expect(try await fixture.submit("a crow") == 0)
    }
  }

  @Test func `A changed truth is scored again for every model that was run on the clip`()
    async throws
  {
    try await Fixture.with { fixture in
      let older = String(repeating: "8", count: 64)
      _ = try await fixture.submit("a bird")
      for model in [older, fixture.model.sha256] { try await fixture.results.predict(by: model) }
      #expect(try await fixture.submit("a bird") == 2)
      try await fixture.scoreAll()
      #expect(try await fixture.submit("a crow") == 2)
      try await fixture.scoreAll()
      for model in [older, fixture.model.sha256] {
        #expect(try await fixture.results.scores(in: "c", model: model).count == 1, "\(model)")
      }
      #expect(try await fixture.submit("a crow") == 0)
    }
  }

  @Test func `A video that has a prediction is left out, whatever became of its job`() async throws
  {
    try await Fixture.with { fixture in
      try await fixture.results.predict(by: fixture.model.sha256, registering: true)
      let first = try await fixture.outcome("a bird")
      #expect(first.inferenceJobs == 0 && first.predicted == 1)
      let other = ModelLibrary.Entry(
        name: "other", directory: "/models/other", sha256: String(repeating: "7", count: 64))
      let second = try await fixture.outcome(
        "a bird", model: other, terms: .init(priority: 4, delay: .seconds(60)))
      #expect(second.inferenceJobs == 1 && second.predicted == 0)
      let page = try await fixture.queue.list(JobFilter(kind: "infer"), limit: 2, offset: 0)
      #expect(page.jobs.map(\.priority) == [4])
      #expect(page.jobs.first.map { $0.notBefore.timeIntervalSinceNow > 50 } == true)
    }
  }
}

/// A database into which one clip is submitted over and over.
private struct Fixture {
  let results: Results
  let queue: PostgresJobQueue
  let pool: ConnectionPool
  let model = ModelLibrary.Entry(
    name: "newer", directory: "/models/newer", sha256: String(repeating: "9", count: 64))

  static func with(_ body: (Fixture) async throws -> Void) async throws {
    try await TestDatabase.withSchema { target in
      let pool = ConnectionPool(target: target, size: 2)
      let connection = try await Connection.connect(to: target)
      try await body(
        Fixture(
          results: Results(on: connection), queue: PostgresJobQueue(pool: pool), pool: pool))
      await connection.close()
      await pool.close()
    }
  }

  /// Submits the clip with this sentence as its truth; gives how many scorings were queued.
  func submit(_ caption: String) async throws -> Int {
    try await outcome(caption).evaluationJobs
  }

  func outcome(
    _ caption: String, model: ModelLibrary.Entry? = nil,
    terms: Submission.Terms = Submission.Terms()
  ) async throws -> Submission.Outcome {
    let location = MediaLocation(path: Array("/clips/one.mp4".utf8))
    let video = Submission.Video(
      found: .init(location: location, clip: try ClipID("one")),
      digest: .init(sha256: Sample.video, bytes: 7))
    let submission = Submission(pool: pool) { [queue] in try await queue.enqueue($0, in: $1) }
    return try await submission.submit(
      [video], truths: [Sample.truth(caption)], to: "c", model: model ?? self.model, terms: terms)
  }

  /// Does all scorings that wait, as a worker would.
  func scoreAll() async throws {
    let worker = WorkerIdentity(host: "box", process: 1)
    let jobs = try await queue.claim(
      kinds: [WorkKind.evaluate.rawValue], limit: 10, by: worker, for: .seconds(60))
    for job in jobs {
      let payload = try JobPayload.decode(EvaluationPayload.self, of: job)
      _ = try await queue.finish(job.lease) {
        try await Results(on: $0).save(
          score: "{}", of: payload.clip, in: payload.collection, model: payload.modelSHA256)
      }
    }
  }
}

private enum Sample {
  static let video = String(repeating: "1", count: 64)
  static let mask = RunLengthMask(BinaryMask(width: 2, height: 1, pixels: [0, 1]))

  static func truth(_ caption: String) -> ClipTruth {
    ClipTruth(
      id: ClipID(fileName: "one"), category: "bird", frameTimes: [0.5], sounding: [true],
      captions: [[caption]], masks: [mask])
  }
}

extension Results {
  /// Stores a prediction of the clip's video.
  fileprivate func predict(by model: String, registering: Bool = false) async throws {
    if registering {
      let clip = NewClip(
        id: try ClipID("one"), sha256: Sample.video, bytes: 7, location: "/clips/one.mp4")
      _ = try await register([clip], in: "c")
    }
    let frame = Prediction.Frame(
      index: 0, time: 0.5, sounding: true, score: 0.9, mask: Sample.mask, caption: "a bird",
      category: "bird")
    let prediction = Prediction(
      clip: .init(
        id: try ClipID("one"), sha256: Sample.video, duration: 1, fps: 25, width: 2, height: 1),
      model: .init(name: "m", sha256: model, task: "ssu"), frames: [frame],
      timings: .init(decodeSeconds: 0, modelSeconds: 0, totalSeconds: 0))
    _ = try await save(prediction, host: "box")
  }
}
