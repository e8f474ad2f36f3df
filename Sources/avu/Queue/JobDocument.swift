import Foundation
import Jobs

/// A list of jobs for machines.
struct JobListDocument: Encodable {
  let total: Int
  let jobs: [JobDocument]
}

/// A job for machines.
struct JobDocument: Encodable {
  struct Attempt: Encodable {
    let number: Int
    let host: String
    let startedAt: Date
    let endedAt: Date
    let outcome: String
    let message: String?

    enum CodingKeys: String, CodingKey {
      case number, host, outcome, message
      case startedAt = "started_at"
      case endedAt = "ended_at"
    }
  }

  let id: Int64
  let state: String
  let kind: String
  let key: String
  let collection: String
  let clip: String?
  let priority: Int
  let attempts: Int
  let errors: Int
  let deaths: Int
  let interruptions: Int
  let progress: Double?
  let host: String?
  let createdAt: Date
  let notBefore: Date
  let startedAt: Date?
  let finishedAt: Date?
  let failure: String?
  let message: String?
  /// How many jobs it waits for.
  let waitsFor: Int
  let waitReason: String?
  /// The job because of which it was called off: it needs the success of that one.
  let prerequisite: Int64?
  /// The number of the array that it is an element of, and the element's, from 0.
  let array: Int64?
  let index: Int?
  let history: [Attempt]?
  /// Some of the jobs that it waits for, and that wait for it.
  let prerequisites: [Int64]?
  let waiters: [Waiter]?
  /// What the job said of itself when it was done: JSON text.
  let output: String?

  struct Waiter: Encodable {
    let job: Int64
    let needsSuccess: Bool

    enum CodingKeys: String, CodingKey {
      case job
      case needsSuccess = "needs_success"
    }
  }

  init(_ details: JobDetails) { self.init(details.job, details) }

  init(_ job: JobRecord, _ details: JobDetails? = nil) {
    waitsFor = job.waitsFor
    waitReason = job.waitReason
    prerequisite = job.prerequisite
    array = job.element?.array
    index = job.element?.index
    prerequisites = details?.waitsFor.map(\.id)
    waiters = details?.waiters.map { Waiter(job: $0.job.id, needsSuccess: $0.needsSuccess) }
    output = details?.output
    id = job.id
    state = job.state.rawValue
    kind = job.kind
    key = job.key
    collection = job.group
    clip = job.clip
    priority = job.priority
    attempts = job.attempts
    errors = job.strikes.errors
    deaths = job.strikes.deaths
    interruptions = job.strikes.interruptions
    progress = job.progress
    host = job.host
    createdAt = job.createdAt
    notBefore = job.notBefore
    startedAt = job.startedAt
    finishedAt = job.finishedAt
    failure = job.failure?.kind.rawValue
    message = job.failure?.message
    history = details?.attempts.map { attempt in
      Attempt(
        number: attempt.number, host: attempt.host, startedAt: attempt.startedAt,
        endedAt: attempt.endedAt, outcome: attempt.outcome.rawValue, message: attempt.message)
    }
  }

  enum CodingKeys: String, CodingKey {
    case id, state, kind, key, collection, clip, priority, attempts, errors, deaths
    case interruptions, progress, host, failure, message, history, array, index, prerequisites
    case waiters, output, prerequisite
    case waitsFor = "waits_for"
    case waitReason = "wait_reason"
    case createdAt = "created_at"
    case notBefore = "not_before"
    case startedAt = "started_at"
    case finishedAt = "finished_at"
  }
}

/// An array of jobs for machines.
struct JobArrayDocument: Encodable {
  let id: Int64
  let kind: String
  let collection: String
  let priority: Int
  let size: Int
  /// How many elements are in each state.
  let jobs: [String: Int]
  /// Elements that were jobs of their own before, and those whose jobs were forgotten.
  let skipped: Int
  let pruned: Int
  /// The array whose element of the same number must be done first.
  let after: Int64?
  let createdAt: Date
  let finishedAt: Date?

  init(_ array: JobArrayRecord) {
    id = array.id
    kind = array.kind
    collection = array.group
    priority = array.priority
    size = array.size
    jobs = Dictionary(uniqueKeysWithValues: array.counts.map { ($0.key.rawValue, $0.value) })
    skipped = array.skipped
    pruned = array.pruned
    after = array.after
    createdAt = array.createdAt
    finishedAt = array.ended == array.size ? array.finishedAt : nil
  }

  enum CodingKeys: String, CodingKey {
    case id, kind, collection, priority, size, jobs, skipped, pruned, after
    case createdAt = "created_at"
    case finishedAt = "finished_at"
  }
}

extension JobRecord {
  private struct Payload: Decodable { let clip: String? }

  /// The clip that it is about, as far as its payload says so.
  var clip: String? {
    try? JSONDecoder().decode(Payload.self, from: Data(payload.utf8)).clip
  }
}
