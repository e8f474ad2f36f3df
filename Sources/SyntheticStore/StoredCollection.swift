import Annotations
import Foundation
public import Jobs
public import Postgres
import ResultStore
public import SyntheticData
import Workers

/// Puts a made-up collection into a database, as if workers had done it.
public struct StoredCollection: Sendable {
  /// What is stored.
  public let made: SyntheticCollection

  /// The collection's name.
  public let name: String

  /// Clips that are stored in one transaction.
  private static let batch = 500

  private static let host = "bench"

  /// Describes what is stored, and under which name.
  public init(_ made: SyntheticCollection, as name: String) {
    self.made = made
    self.name = name
  }

  /// Stores clips with their ground truth, jobs, predictions and scores.
  ///
  /// - Parameters:
  ///   - connection: The database, with its schema.
  ///   - queue: The jobs; nothing else may work on them.
  ///   - progress: Called with the number of clips stored so far.
  /// - Throws: `PostgresError`.
  public func store(
    on connection: Connection, _ queue: some JobQueue, progress: (Int) -> Void = { _ in }
  ) async throws {
    for first in stride(from: 0, to: made.count, by: Self.batch) {
      let clips = Array(first..<min(made.count, first + Self.batch))
      try await connection.transaction { connection in
        let results = Results(on: connection)
        _ = try await results.register(clips.map(file), in: name)
        try await results.save(clips.map(made.truth), in: name)
      }
      _ = try await queue.enqueue(try clips.map(job))
      try await finish(clips.count, in: queue)
      try await save(clips, take: 0, on: connection, try await jobs(of: clips, queue))
      progress(first + clips.count)
    }
  }

  /// Predicts and scores some clips again, with other answers.
  ///
  /// - Parameters:
  ///   - clips: Which clips; those that are not done are left alone.
  ///   - take: Which answers; see ``SyntheticCollection/prediction(_:take:)``.
  ///   - connection: The database.
  /// - Throws: `PostgresError`.
  public func change(_ clips: [Int], take: Int, on connection: Connection) async throws {
    try await connection.execute(
      """
      DELETE FROM prediction USING video
      WHERE video.id = prediction.video_id AND video.sha256 = ANY ($1::text[])
      """, [.texts(clips.map(made.sha256))])
    try await save(clips, take: take, on: connection, [:])
  }

  // MARK: Steps

  private func file(_ clip: Int) -> NewClip {
    NewClip(
      id: made.id(clip), sha256: made.sha256(clip), bytes: 1 << 20,
      location: "/nowhere/\(made.id(clip).text).mp4")
  }

  private func job(_ clip: Int) throws -> NewJob {
    try JobPayload.job(
      InferencePayload(
        clip: made.id(clip), location: file(clip).location, sha256: made.sha256(clip),
        model: SyntheticCollection.model.name, modelSHA256: SyntheticCollection.model.sha256,
        frameRate: 1), collection: name)
  }

  /// Lets the clips' jobs end as the clips do.
  private func finish(_ count: Int, in queue: some JobQueue) async throws {
    let worker = WorkerIdentity(host: Self.host, process: 1)
    let claimed = try await queue.claim(
      kinds: ["infer"], limit: count, by: worker, for: .seconds(600))
    var done: [Lease] = []
    var waiting: [Lease] = []
    for job in claimed {
      let payload = try JSONDecoder().decode(InferencePayload.self, from: Data(job.payload.utf8))
      switch made.state(made.number(payload.clip)) {
      case .done: done.append(job.lease)
      case .waiting: waiting.append(job.lease)
      case .failed:
        let failure = JobFailure(message: "The file is damaged.", isPermanent: true)
        _ = try await queue.fail(job.lease, failure)
      }
    }
    _ = try await queue.finish(done, claiming: [], limit: 0, by: worker, for: .seconds(60))
    try await queue.handBack(waiting)
  }

  private func jobs(of clips: [Int], _ queue: some JobQueue) async throws -> [String: Int64] {
    let keys = clips.map {
      JobPayload.inferenceKey(
        video: made.sha256($0), model: SyntheticCollection.model.sha256)
    }
    let page = try await queue.list(JobFilter(keys: keys), limit: keys.count, offset: 0)
    return Dictionary(page.jobs.map { ($0.key, $0.id) }, uniquingKeysWith: max)
  }

  private func save(
    _ clips: [Int], take: Int, on connection: Connection, _ jobs: [String: Int64]
  ) async throws {
    let model = SyntheticCollection.model.sha256
    let encoder = JSONEncoder()
    try await connection.transaction { connection in
      let results = Results(on: connection)
      for clip in clips {
        guard let prediction = made.prediction(clip, take: take) else { continue }
        let key = JobPayload.inferenceKey(video: prediction.clip.sha256, model: model)
        _ = try await results.save(prediction, host: Self.host, job: jobs[key])
        if let score = made.score(clip, take: take) {
          try await results.save(
            score: String(decoding: try encoder.encode(score), as: UTF8.self),
            of: prediction.clip.id, in: name, model: model)
        }
      }
    }
  }
}
