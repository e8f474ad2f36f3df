package import Annotations
import Evaluation
import Jobs
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
  }

  /// How jobs are queued.
  package struct Terms: Sendable {
    /// High ones are started first.
    package var priority: Int

    /// How long jobs wait before they are started.
    package var delay: Duration

    /// Says how.
    package init(priority: Int = 0, delay: Duration = .zero) {
      self.priority = priority
      self.delay = delay
    }
  }

  private let pool: ConnectionPool
  private let enqueue: JobEnqueueing

  /// Chooses the database.
  ///
  /// - Parameters:
  ///   - pool: Connections to it.
  ///   - enqueue: Queues jobs in a transaction.
  package init(pool: ConnectionPool, enqueue: @escaping JobEnqueueing) {
    self.pool = pool
    self.enqueue = enqueue
  }

  /// Submits videos. Doing it again changes nothing but what is new.
  ///
  /// - Parameters:
  ///   - videos: The videos; ids are unique.
  ///   - truths: Ground truth of some of them.
  ///   - collection: The collection's name.
  ///   - model: The model to run.
  ///   - terms: How jobs are queued.
  /// - Returns: What was new.
  /// - Throws: `ResultStoreError`, `PostgresError`; then nothing was stored.
  package func submit(
    _ videos: [Video], truths: [ClipTruth], to collection: String, model: ModelLibrary.Entry,
    terms: Terms = Terms()
  ) async throws -> Outcome {
    let clips = videos.map { video in
      NewClip(
        id: video.found.clip, sha256: video.digest.sha256, bytes: video.digest.bytes,
        location: video.found.location.text)
    }
    let jobs = try videos.map { video in
      (sha256: video.digest.sha256, job: try Self.job(for: video, collection, model))
    }
    return try await pool.withRepeatedTransaction { [enqueue] transaction in
      let results = Results(on: transaction)
      let registration = try await results.register(clips, in: collection)
      try await results.save(truths, in: collection)
      let predicted = try await results.predicted(
        among: jobs.map(\.sha256), model: model.sha256)
      let missing = jobs.filter { !predicted.contains($0.sha256) }.map(\.job)
      let inferenceJobs = try await enqueue(missing.map(terms.apply), transaction)
      // Of every model: a changed truth has dropped the scores of all of them.
      let unscored = try await results.unscored(collection: collection)
      let evaluations = try unscored.map { try JobPayload.job($0) }
      return Outcome(
        registration: registration, inferenceJobs: inferenceJobs, predicted: predicted.count,
        evaluationJobs: try await enqueue(evaluations.map(terms.apply), transaction))
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
