public import Annotations
public import Evaluation
public import Experiments
public import Foundation

/// Everything a site shows apart from the clips themselves, as it was at one moment.
///
/// Clips are only named here; their records are fetched a few at a time through
/// ``ClipReportSource``, so that memory does not grow with what a collection holds.
public struct SiteSnapshot: Sendable {
  /// The heading of the site.
  public var title: String

  /// When the snapshot was taken. The only time of building on the pages: the same snapshot gives
  /// the same bytes.
  public var generatedAt: Date

  /// Name and version of the program, for example `avu 0.1.0`.
  public var softwareVersion: String

  /// The commit of the checkout in which the program runs; nil for an installed one.
  public var commit: String?

  /// The collections, in the order in which the index lists them.
  public var collections: [CollectionSnapshot]

  /// The queue, when there is one.
  public var queue: QueueSnapshot?

  /// Tables of results, published and measured, in the order in which the page shows them.
  public var tables: [ResultTable] = []

  /// The models whose results the site shows, or that are installed.
  public var models: [ModelSnapshot] = []

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

  /// The snapshot with all that was not found out yet.
  ///
  /// - Returns: The same snapshot, its collections complete.
  /// - Throws: What finding out throws.
  public func completed() async throws -> SiteSnapshot {
    var snapshot = self
    for (place, collection) in collections.enumerated() {
      guard let complete = collection.completing else { continue }
      snapshot.collections[place] = try await complete(collection)
      snapshot.collections[place].completing = nil
    }
    return snapshot
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

  /// For each of ``clips`` a text that changes when its record does, apart from the rest of the
  /// snapshot. A clip whose revision the site in place was built from is not read again; without
  /// revisions every clip is.
  public var revisions: [String]?

  /// The videos of the clips that are files on this machine, each counted once; nil when that is not
  /// known.
  public var videos: SiteSize?

  /// The figures of the collection, when clips were scored.
  public var report: MetricReport?

  /// What each model reached, oldest first, where several did: the runs that are compared.
  public var runs: [RunSnapshot] = []

  /// A text that changes when anything does that pages of the collection show; nil when that is not
  /// known. A site whose collections have not changed only gets a new date.
  public var inputs: String?

  /// Finds out what is costly to know: figures, runs and revisions. Nil when they are there.
  public var completing: (@Sendable (CollectionSnapshot) async throws -> CollectionSnapshot)?

  /// Describes a collection.
  public init(
    name: String, summary: String? = nil, clips: [ClipID], revisions: [String]? = nil,
    report: MetricReport? = nil
  ) {
    self.name = name
    self.summary = summary
    self.clips = clips
    self.revisions = revisions
    self.report = report
  }
}
