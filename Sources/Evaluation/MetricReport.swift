/// One figure with the interval that says how far it can be trusted.
public struct MetricValue: Codable, Hashable, Sendable {
  /// The figure.
  public var value: Double

  /// The 95 % interval, lower bound first; nil when there are too few clips for one.
  public var ci95: [Double]?

  /// Notes a figure.
  ///
  /// - Parameters:
  ///   - value: The figure.
  ///   - ci95: The 95 % interval, lower bound first.
  public init(_ value: Double, ci95: [Double]? = nil) {
    self.value = value
    self.ci95 = ci95
  }
}

/// How many things a set of figures rests on.
public struct MetricCounts: Codable, Hashable, Sendable {
  /// Clips scored.
  public var clips: Int

  /// Frames whose mask was scored.
  public var frames: Int

  /// Sentences scored (sounding frames with a reference).
  public var captions: Int

  /// Notes the counts.
  public init(clips: Int, frames: Int, captions: Int) {
    self.clips = clips
    self.frames = frames
    self.captions = captions
  }
}

/// The figures of one set of clips: the whole, one category, or one clip.
public struct MetricSet: Codable, Hashable, Sendable {
  /// What the figures rest on.
  public var counts: MetricCounts

  /// Figures by metric name (``MetricName``); a metric that could not be computed is absent.
  public var values: [String: MetricValue]

  /// Puts figures together.
  public init(counts: MetricCounts, values: [String: MetricValue]) {
    self.counts = counts
    self.values = values
  }
}

/// The names under which figures are stored and shown, in the order in which pages show them.
public enum MetricName {
  /// All names, in display order.
  public static let all = [
    "mIoU", "mIoU-sounding", "F-score", "presence", "BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4",
    "ROUGE-L", "METEOR-exact-stem-synonym", "METEOR-exact-stem", "CIDEr",
  ]
}

/// The figures of a collection, with how they were computed: the metrics JSON.
public struct MetricReport: Codable, Hashable, Sendable {
  /// How the figures were computed: metric versions, conventions, thresholds.
  public var signature: [String: String]

  /// The figures of all clips together.
  public var overall: MetricSet

  /// The figures of each category.
  public var byCategory: [String: MetricSet]

  /// The figures of each clip, by clip id.
  public var byClip: [String: MetricSet]

  /// Puts a report together.
  public init(
    signature: [String: String], overall: MetricSet, byCategory: [String: MetricSet],
    byClip: [String: MetricSet]
  ) {
    self.signature = signature
    self.overall = overall
    self.byCategory = byCategory
    self.byClip = byClip
  }
}

/// The figures of one frame of one clip.
public struct FrameScore: Codable, Hashable, Sendable {
  /// When, in seconds from the start of the clip.
  public var time: Double

  /// Intersection over union of predicted and true mask (1 when both are empty); nil when the
  /// frame has no true mask.
  public var iou: Double?

  /// F-measure of the mask with β² = 0.3; nil when the frame has no true mask.
  public var fScore: Double?

  /// Whether something visible sounds, by the ground truth.
  public var truthSounding: Bool

  /// Whether something visible sounds, by the prediction.
  public var predictedSounding: Bool

  /// The reference sentences.
  public var references: [String]

  /// The predicted sentence; empty for none.
  public var hypothesis: String

  /// Puts a frame's figures together.
  public init(
    time: Double, iou: Double?, fScore: Double?, truthSounding: Bool, predictedSounding: Bool,
    references: [String], hypothesis: String
  ) {
    self.time = time
    self.iou = iou
    self.fScore = fScore
    self.truthSounding = truthSounding
    self.predictedSounding = predictedSounding
    self.references = references
    self.hypothesis = hypothesis
  }
}

/// The scores of one clip, as a job stores them: enough to sum up any set of clips later.
public struct ClipScore: Codable, Hashable, Sendable {
  /// The clip's id.
  public var clip: String

  /// The clip's category, if the ground truth names one.
  public var category: String?

  /// The figures of its frames, in order of time.
  public var frames: [FrameScore]

  /// Puts a clip's scores together.
  public init(clip: String, category: String?, frames: [FrameScore]) {
    self.clip = clip
    self.category = category
    self.frames = frames
  }
}
