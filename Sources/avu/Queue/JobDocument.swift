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
  let history: [Attempt]?

  init(_ job: JobRecord, attempts history: [AttemptRecord]? = nil) {
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
    self.history = history?.map { attempt in
      Attempt(
        number: attempt.number, host: attempt.host, startedAt: attempt.startedAt,
        endedAt: attempt.endedAt, outcome: attempt.outcome.rawValue, message: attempt.message)
    }
  }

  enum CodingKeys: String, CodingKey {
    case id, state, kind, key, collection, clip, priority, attempts, errors, deaths
    case interruptions, progress, host, failure, message, history
    case createdAt = "created_at"
    case notBefore = "not_before"
    case startedAt = "started_at"
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
