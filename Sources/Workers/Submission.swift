package import Annotations
import Evaluation
package import Jobs
package import Postgres
package import ResultStore

/// Makes videos known and queues their work, all or nothing.
package struct Submission: Sendable {
  /// A video file with its name and content.
  package struct Video: Sendable {
    /// The file and its id.
    package let found: VideoDiscovery.Found

    /// The content.
    package let digest: FileHashing.Digest

    /// Puts a video together.
    package init(found: VideoDiscovery.Found, digest: FileHashing.Digest) {
      self.found = found
      self.digest = digest
    }
  }

  /// What a submission changed.
  package struct Outcome: Sendable {
    /// What was new among the clips.
    package var registration: Registration

    /// Inference jobs that were queued.
    package var inferenceJobs: Int

    /// Videos that have a prediction of the model already, and whose jobs were left out.
    package var predicted: Int

    /// Evaluation jobs that were queued; more follow from inference.
    package var evaluationJobs: Int

    /// The numbers of arrays that jobs were queued as.
    package var arrays: [Int64] = []

    /// Jobs of these clips that had ended without a result, and were queued again.
    package var again = 0
  }

  /// How jobs are queued.
  package struct Terms: Sendable {
    /// High ones are started first.
    package var priority: Int

    /// How long jobs wait before they are started.
    package var delay: Duration

    /// Whether scoring is queued together with inference, each clip's behind its own; else it is when
    /// the prediction is there.
    package var evaluates = false

    /// Whether the jobs of all clips are queued as one array, each kind's.
    package var isArray = false

    /// Says how.
    package init(priority: Int = 0, delay: Duration = .zero) {
      self.priority = priority
      self.delay = delay
    }
  }

  private let pool: ConnectionPool
  private let enqueue: JobEnqueueing
  private let enqueueArray: JobArrayEnqueueing?

  /// Chooses the database.
  ///
  /// - Parameters:
  ///   - pool: Connections to it.
  ///   - enqueue: Queues jobs in a transaction.
  ///   - enqueueArray: Queues arrays of jobs, where that is asked for.
  package init(
    pool: ConnectionPool, enqueue: @escaping JobEnqueueing,
    enqueueArray: JobArrayEnqueueing? = nil
  ) {
    self.pool = pool
    self.enqueue = enqueue
    self.enqueueArray = enqueueArray
  }

  /// Submits videos. Doing it again changes nothing but what is new.
  ///
  /// - Parameters:
  ///   - videos: The videos; ids are unique.
  ///   - truths: Ground truth of some of them.
  ///   - collection: The collection's name.
  ///   - model: The model to run.
  ///   - terms: How jobs are queued.
  /// - Returns: What was new. A video whose id stands for another one in the collection is left out, and
  ///   named among the registration's conflicts.
  /// - Throws: `ResultStoreError`, also when every id stands for another video; `PostgresError`. Then
  ///   nothing was stored.
  package func submit(
    _ videos: [Video], truths: [ClipTruth], to collection: String, model: ModelLibrary.Entry,
    terms: Terms = Terms()
  ) async throws -> Outcome {
    let clips = videos.map { video in
      NewClip(
        id: video.found.clip, sha256: video.digest.sha256, bytes: video.digest.bytes,
        location: video.found.location.text)
    }
    return try await pool.withRepeatedTransaction { transaction in
      let results = Results(on: transaction)
      let registration = try await results.register(
        clips, in: collection, leavesOutConflicts: true)
      let refused = Set(registration.conflicts.map(\.clip))
      let videos = videos.filter { !refused.contains($0.found.clip.text) }
      let jobs = try videos.map { video in
        (sha256: video.digest.sha256, job: try Self.job(for: video, collection, model))
      }
      try await results.save(truths.filter { !refused.contains($0.id.text) }, in: collection)
      let predicted = try await results.predicted(
        among: jobs.map(\.sha256), model: model.sha256)
      // Of every model: a changed truth has dropped the scores of all of them.
      let unscored = try await results.unscored(collection: collection)
      let evaluations = try unscored.map { try JobPayload.job($0) }
      var outcome = Outcome(
        registration: registration, inferenceJobs: 0, predicted: predicted.count,
        evaluationJobs: try await enqueue(evaluations.map(terms.apply), transaction))
      var work = zip(videos, jobs).filter { !predicted.contains($1.sha256) }.map {
        ClipWork(clip: $0.found.clip, inference: terms.apply(to: $1.job))
      }
      if terms.evaluates {
        let expected = try await results.unpredicted(
          work.map(\.clip), in: collection, model: model.sha256)
        let byClip = Dictionary(uniqueKeysWithValues: expected.map { ($0.clip, $0) })
        for index in work.indices {
          work[index].evaluation = try byClip[work[index].clip].map {
            terms.apply(to: try JobPayload.job($0))
          }
        }
      }
      if terms.isArray {
        try await queueArrays(of: work, transaction, &outcome)
      } else {
        outcome.inferenceJobs = try await enqueue(work.map(\.inference), transaction)
        outcome.evaluationJobs += try await enqueue(
          work.compactMap(\.followingEvaluation), transaction)
      }
      return outcome
    }
  }

  /// What is to be done with a clip.
  private struct ClipWork {
    let clip: ClipID
    let inference: NewJob
    var evaluation: NewJob?

    /// The evaluation, to be started when the inference is done.
    var followingEvaluation: NewJob? {
      guard var job = evaluation, let key = inference.key else { return nil }
      job.after = [JobName(kind: inference.kind, key: key)]
      return job
    }
  }

  /// Queues an array for clips that are to be scored, with one that follows it, and one for the others.
  private func queueArrays(
    of work: [ClipWork], _ transaction: Connection, _ outcome: inout Outcome
  ) async throws {
    guard let enqueueArray else { preconditionFailure("nobody queues arrays") }
    for part in [work.filter { $0.evaluation != nil }, work.filter { $0.evaluation == nil }] {
      guard !part.isEmpty,
        let first = try await enqueueArray(
          JobPayload.array(part.map(\.inference)), nil, transaction)
      else { continue }
      outcome.arrays.append(first)
      outcome.inferenceJobs += part.count
      let evaluations = part.compactMap(\.evaluation)
      guard !evaluations.isEmpty,
        let second = try await enqueueArray(JobPayload.array(evaluations), first, transaction)
      else { continue }
      outcome.arrays.append(second)
      outcome.evaluationJobs += part.count
    }
  }

  private static func job(
    for video: Video, _ collection: String, _ model: ModelLibrary.Entry
  ) throws -> NewJob {
    let payload = InferencePayload(
      clip: video.found.clip, location: video.found.location.text, sha256: video.digest.sha256,
      model: model.name, modelSHA256: model.sha256, frameRate: 1)
    return try JobPayload.job(payload, collection: collection)
  }
}

extension Submission {
  /// Queues once more what ended without a result of clips: their inference, and their scoring.
  ///
  /// - Parameters:
  ///   - videos: The clips' videos.
  ///   - model: The model.
  ///   - collection: The clips' collection.
  ///   - queue: The jobs.
  /// - Returns: How many wait again.
  /// - Throws: Errors of the database.
  package func retry(
    _ videos: [Video], _ model: ModelLibrary.Entry, _ collection: String, _ queue: some JobQueue
  ) async throws -> Int {
    let clips = videos.map(\.found.clip)
    let unscored = try await pool.withConnection { connection in
      let results = Results(on: connection)
      return try await results.unscored(model: model.sha256, collection: collection)
        + results.unpredicted(clips, in: collection, model: model.sha256)
    }
    let named = Set(clips)
    let keys = [
      WorkKind.infer: videos.map {
        JobPayload.inferenceKey(video: $0.digest.sha256, model: model.sha256)
      },
      .evaluate: try unscored.filter { named.contains($0.clip) }.compactMap {
        try JobPayload.job($0).key
      },
    ]
    var count = 0
    for (kind, keys) in keys {
      for start in stride(from: 0, to: keys.count, by: 10_000) {
        count += try await queue.retry(
          JobFilter(
            states: [.failed, .quarantined, .cancelled], kind: kind.rawValue,
            keys: Array(keys[start..<min(start + 10_000, keys.count)])))
      }
    }
    return count
  }
}

extension Submission.Terms {
  fileprivate func apply(to job: NewJob) -> NewJob {
    var job = job
    job.priority = priority
    job.delay = delay
    return job
  }
}

/// Ground truth of the clips that are submitted.
package struct SubmittedTruth: Sendable {
  /// The truth of clips that are submitted too.
  package private(set) var truths: [ClipTruth] = []

  /// What could not be read, a sentence each.
  package private(set) var problems: [String] = []

  /// Clips that have truth but no video in the submission.
  package private(set) var withoutVideo: [String] = []

  /// Reads a data set.
  ///
  /// - Parameters:
  ///   - path: A folder of clip folders.
  ///   - clips: The clips that are submitted.
  /// - Throws: `EvaluationError` when the folder is none.
  package init(folder path: String, for clips: Set<ClipID>) throws {
    try DatasetFolder(path: path).forEachClip { folder, result in
      switch result {
      case .success(let truth) where clips.contains(truth.id): truths.append(truth)
      case .success(let truth): withoutVideo.append(truth.id.text)
      case .failure(let error): problems.append("\(error)")
      }
    }
  }
}
