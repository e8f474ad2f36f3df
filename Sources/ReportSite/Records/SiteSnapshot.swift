public import Annotations
public import Evaluation
public import Foundation

/// Everything a site shows apart from the clips themselves, as it was at one moment.
///
/// Clips are only named here; their records are fetched one at a time through
/// ``ClipReportSource``, so that memory does not grow with what a collection holds.
public struct SiteSnapshot: Sendable {
  /// The heading of the site.
  public var title: String

  /// When the snapshot was taken. The only time of building on the pages: the same snapshot gives
  /// the same bytes.
  public var generatedAt: Date

  /// Name and version of the program, for example `avu 0.1.0`.
  public var softwareVersion: String

  /// The collections, in the order in which the index lists them.
  public var collections: [CollectionSnapshot]

  /// The queue, when there is one.
  public var queue: QueueSnapshot?

  /// Puts a snapshot together.
  public init(
    title: String, generatedAt: Date, softwareVersion: String, collections: [CollectionSnapshot],
    queue: QueueSnapshot? = nil
  ) {
    self.title = title
    self.generatedAt = generatedAt
    self.softwareVersion = softwareVersion
    self.collections = collections
    self.queue = queue
  }
}

/// One collection of a ``SiteSnapshot``.
public struct CollectionSnapshot: Sendable {
  /// The collection's name, unique in the snapshot; any text.
  public var name: String

  /// What the collection is, as Markdown; raw HTML in it is not passed on.
  public var summary: String?

  /// The clips, in the order in which pages list them; each once.
  public var clips: [ClipID]

  /// The figures of the collection, when clips were scored.
  public var report: MetricReport?

  /// Describes a collection.
  public init(
    name: String, summary: String? = nil, clips: [ClipID], report: MetricReport? = nil
  ) {
    self.name = name
    self.summary = summary
    self.clips = clips
    self.report = report
  }
}

/// The queue as it was at one moment.
public struct QueueSnapshot: Codable, Hashable, Sendable {
  /// How many jobs are in one state.
  public struct Count: Codable, Hashable, Sendable {
    /// The state's name, for example `waiting`.
    public var state: String

    /// Jobs in it.
    public var jobs: Int

    /// Notes a count.
    public init(state: String, jobs: Int) {
      self.state = state
      self.jobs = jobs
    }
  }

  /// One worker.
  public struct Worker: Codable, Hashable, Sendable {
    /// The worker's name, for example `host/1234`.
    public var name: String

    /// When it was last heard from.
    public var lastSeen: Date

    /// Jobs it holds.
    public var runningJobs: Int

    /// Describes a worker.
    public init(name: String, lastSeen: Date, runningJobs: Int) {
      self.name = name
      self.lastSeen = lastSeen
      self.runningJobs = runningJobs
    }
  }

  /// When the queue was looked at.
  public var takenAt: Date

  /// Jobs by state, in the order in which the page lists them.
  public var counts: [Count]

  /// Since when the job that waits longest has been due; nil when none waits.
  public var oldestWaitingSince: Date?

  /// Jobs finished in the hour before ``takenAt``, when known.
  public var finishedLastHour: Int?

  /// The workers known, in order of name.
  public var workers: [Worker]

  /// Describes a queue.
  public init(
    takenAt: Date, counts: [Count], oldestWaitingSince: Date? = nil, finishedLastHour: Int? = nil,
    workers: [Worker] = []
  ) {
    self.takenAt = takenAt
    self.counts = counts
    self.oldestWaitingSince = oldestWaitingSince
    self.finishedLastHour = finishedLastHour
    self.workers = workers
  }
}
