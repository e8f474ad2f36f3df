public import struct Foundation.Date

/// Many jobs that are alike, queued as one: its elements become jobs when it is their turn.
public struct NewJobArray: Hashable, Sendable {
  /// Which handler does the elements.
  public var kind: String

  /// What makes it the same array as another of its kind; nil for none.
  public var key: String?

  /// What all elements have in common: a JSON object. Each gets what its input says besides, and
  /// `index`, from 0.
  public var payload: String

  /// The collection that the elements belong to.
  public var group: String

  /// Elements with a higher number are started first.
  public var priority = 0

  /// With how many errors an element is given up.
  public var maxErrors = 3

  /// How long the elements wait at least before they are started.
  public var delay = Duration.zero

  /// How many elements there are.
  public private(set) var size: Int

  /// What each element has of its own: a JSON object; nil when the number says it all. A text `key` in
  /// it becomes the job's key: what is a job already is not done again.
  public private(set) var inputs: [String]?

  /// An array of a size, whose elements differ in their number only.
  ///
  /// - Parameters:
  ///   - kind: Which handler does the elements.
  ///   - key: What makes it the same array as another of its kind.
  ///   - payload: What all elements have in common: a JSON object.
  ///   - group: The collection that they belong to.
  ///   - size: How many there are; above 0.
  public init(kind: String, key: String?, payload: String, group: String, size: Int) {
    precondition(size > 0, "an array of \(size) jobs")
    self.kind = kind
    self.key = key
    self.payload = payload
    self.group = group
    self.size = size
  }

  /// An array with an element for each input.
  ///
  /// - Parameters:
  ///   - kind: Which handler does the elements.
  ///   - key: What makes it the same array as another of its kind.
  ///   - payload: What all elements have in common: a JSON object.
  ///   - group: The collection that they belong to.
  ///   - inputs: What each has of its own: JSON objects; at least one.
  public init(kind: String, key: String?, payload: String, group: String, inputs: [String]) {
    self.init(kind: kind, key: key, payload: payload, group: group, size: inputs.count)
    self.inputs = inputs
  }
}

/// What is known of an array of jobs.
public struct JobArrayRecord: Hashable, Sendable {
  /// Its number.
  public var id: Int64

  /// Which handler does the elements.
  public var kind: String

  /// What makes it the same array as another of its kind; empty for none.
  public var key: String

  /// The collection that the elements belong to.
  public var group: String

  /// Elements with a higher number are started first.
  public var priority: Int

  /// How many elements there are.
  public var size: Int

  /// How many elements are in each state; the waiting ones need not be jobs yet.
  public var counts: [JobState: Int]

  /// How many elements were jobs of their own before.
  public var skipped: Int

  /// How many elements' jobs were forgotten.
  public var pruned: Int

  /// The array whose element of the same number must be done first.
  public var after: Int64?

  /// When it was queued.
  public var createdAt: Date

  /// When the element that ended last did so; nil before any.
  public var finishedAt: Date?

  /// Puts a record together.
  public init(
    id: Int64, kind: String, key: String, group: String, priority: Int, size: Int,
    counts: [JobState: Int], skipped: Int, pruned: Int, after: Int64?, createdAt: Date,
    finishedAt: Date?
  ) {
    self.id = id
    self.kind = kind
    self.key = key
    self.group = group
    self.priority = priority
    self.size = size
    self.counts = counts
    self.skipped = skipped
    self.pruned = pruned
    self.after = after
    self.createdAt = createdAt
    self.finishedAt = finishedAt
  }

  /// How many elements need nothing more.
  public var ended: Int {
    counts.filter(\.key.isFinal).values.reduce(0, +) + skipped + pruned
  }
}
