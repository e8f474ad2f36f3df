public import Annotations
public import Evaluation
public import Foundation

/// Where the records of clips come from while a site is built.
public protocol ClipReportSource: Sendable {
  /// The full records of some clips.
  ///
  /// Called for a few dozen clips at a time, from several tasks, and once for each clip whose pages
  /// are made anew.
  ///
  /// - Parameters:
  ///   - clips: The clips' ids.
  ///   - collection: The collection's name.
  /// - Returns: The records in the same order.
  /// - Throws: Whatever keeps a record from being read; the build then stops and the old site
  ///   stays.
  func reports(of clips: [ClipID], in collection: String) async throws -> [ClipReport]
}

/// Everything a site shows of one clip.
public struct ClipReport: Codable, Hashable, Sendable {
  /// How far the work on a clip got.
  public enum State: Codable, Hashable, Sendable {
    /// There is a prediction.
    case done

    /// The work was given up: why in one sentence, what kind of failure it is, each attempt.
    case failed(reason: String, kind: String, attempts: [AttemptRecord])

    /// The work is queued or running.
    case waiting
  }

  /// Where a video is on the web.
  public struct Web: Codable, Hashable, Sendable {
    /// The address without what may be a secret: user name, password and query.
    public var address: String

    /// Whether the address is all that a browser needs.
    public var isComplete: Bool

    /// Describes an address.
    public init(address: String, isComplete: Bool) {
      self.address = address
      self.isComplete = isComplete
    }

    /// Scheme, host and port, for a page's policy; nil where they hold what a policy cannot.
    var origin: String? {
      let parts = address.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, ["http:", "https:"].contains(parts[0]), parts[1].isEmpty else {
        return nil
      }
      let host = parts[2].prefix { $0 != "/" }
      let isPlain =
        !host.isEmpty
        && host.utf8.allSatisfy {
          (0x30...0x3A).contains($0) || (0x61...0x7A).contains($0 | 0x20)
            || [0x2D, 0x2E].contains($0)
        }
      return isPlain ? "\(parts[0])//\(host)" : nil
    }
  }

  /// The clip's id.
  public var id: ClipID

  /// The name of its collection.
  public var collection: String

  /// The path of the video file; nil when it is not on this machine.
  public var location: String?

  /// Where the video is on the web; nil for a file.
  public var web: Web?

  /// How far the work got.
  public var state: State

  /// What the model said.
  public var prediction: Prediction?

  /// What a person said.
  public var truth: ClipTruth?

  /// The scores of the clip's frames.
  public var score: ClipScore?

  /// The figures of the clip.
  public var metrics: MetricSet?

  /// The job that did the work.
  public var job: JobRecord?

  /// What other models said of the same video, latest first; nil for none.
  public var otherRuns: [Run]?

  /// What one model said of a clip, and how good that is.
  public struct Run: Codable, Hashable, Sendable {
    /// What it said.
    public var prediction: Prediction

    /// The scores of its frames.
    public var score: ClipScore?

    /// The clip's figures.
    public var metrics: MetricSet?

    /// Describes a run.
    public init(prediction: Prediction, score: ClipScore?, metrics: MetricSet?) {
      self.prediction = prediction
      self.score = score
      self.metrics = metrics
    }
  }

  /// Describes a clip.
  public init(
    id: ClipID, collection: String, location: String?, web: Web? = nil,
    state: State, prediction: Prediction? = nil, truth: ClipTruth? = nil, score: ClipScore? = nil,
    metrics: MetricSet? = nil, job: JobRecord? = nil
  ) {
    self.id = id
    self.collection = collection
    self.location = location
    self.web = web
    self.state = state
    self.prediction = prediction
    self.truth = truth
    self.score = score
    self.metrics = metrics
    self.job = job
  }
}

/// One try at a job.
public struct AttemptRecord: Codable, Hashable, Sendable {
  /// Counted from 1.
  public var number: Int

  /// The machine, when known.
  public var host: String?

  /// When it began, when known.
  public var startedAt: Date?

  /// When it ended, when known.
  public var endedAt: Date?

  /// What went wrong; nil when nothing did.
  public var error: String?

  /// Describes an attempt.
  public init(
    number: Int, host: String? = nil, startedAt: Date? = nil, endedAt: Date? = nil,
    error: String? = nil
  ) {
    self.number = number
    self.host = host
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.error = error
  }
}

/// The job behind a clip's page.
public struct JobRecord: Codable, Hashable, Sendable {
  /// The job's number or name.
  public var id: String

  /// The machine that did it, when known.
  public var host: String?

  /// How often it was tried.
  public var attempts: Int

  /// When it was queued, when known.
  public var queuedAt: Date?

  /// When its last attempt began, when known.
  public var startedAt: Date?

  /// When it was finished or given up, when known.
  public var finishedAt: Date?

  /// Each try, when there were several.
  public var tries: [AttemptRecord]?

  /// Describes a job.
  public init(
    id: String, host: String? = nil, attempts: Int, queuedAt: Date? = nil, startedAt: Date? = nil,
    finishedAt: Date? = nil, tries: [AttemptRecord]? = nil
  ) {
    self.id = id
    self.host = host
    self.attempts = attempts
    self.queuedAt = queuedAt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.tries = tries
  }
}
