/// One figure with the interval that says how far it can be trusted.
public struct MetricValue: Codable, Hashable, Sendable {
  /// The figure.
  public var value: Double

  /// The 95 % interval, lower bound first; nil when there are too few clips for one.
  public var ci95: [Double]?

  /// The median of the clips' own figures; nil for one clip.
  public var median: Double?

  /// Wilson's 95 % interval of a rate, as if its frames were independent; nil for other figures.
  public var wilson95: [Double]?

  /// Notes a figure.
  ///
  /// - Parameters:
  ///   - value: The figure.
  ///   - ci95: The 95 % interval, lower bound first.
  ///   - median: The median of the clips' own figures.
  ///   - wilson95: Wilson's 95 % interval of a rate.
  public init(
    _ value: Double, ci95: [Double]? = nil, median: Double? = nil, wilson95: [Double]? = nil
  ) {
    self.value = value
    self.ci95 = ci95
    self.median = median
    self.wilson95 = wilson95
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
public struct MetricSet: Hashable, Sendable {
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
  public static let all =
    [
      "mIoU", "mIoU-sounding", "F-score", MetricName.batchIoU, MetricName.batchF, "DAVIS-J&F",
      "DAVIS-J", "DAVIS-F", MetricName.classIoU, MetricName.classF,
    ]
    + MetricName.allClasses + [
      "presence", MetricName.silence, MetricName.offScreen, "BLEU-1", "BLEU-2", "BLEU-3",
      "BLEU-4",
      "ROUGE-L", MetricName.meteor, MetricName.meteorWithSynonyms, MetricName.meteorExactStem,
      "CIDEr",
    ]

  /// The figures that runs are compared by: those that no other of them determines.
  static let compared = all.filter {
    !([batchIoU, "DAVIS-J&F", classIoU, classF, "BLEU-1", "BLEU-2", "BLEU-3"] + allClasses)
      .contains($0)
  }

  /// The figures that are shares of yes and no.
  static let rates = ["presence", silence, offScreen]

  /// How often silence is found.
  static let silence = "silence"

  /// How often a sound whose source is not visible is left without a mask.
  static let offScreen = "off-screen"

  /// The mean over classes of their IoU, of data sets that tell classes apart.
  static let classIoU = "mIoU-classes"

  /// The mean over classes of their F-measure.
  static let classF = "F-classes"

  /// The means over all classes that a data set lists, and over all but the last, of IoU and F.
  static let allClasses = [
    "AVSBench-mIoU", "AVSBench-F", "AVSBench-mIoU-noBg", "AVSBench-F-noBg",
  ]

  /// AVSBench's M_J, the mean over batches.
  static let batchIoU = "AVSBench-M_J"

  /// AVSBench's M_F, the best threshold of each batch.
  static let batchF = "AVSBench-M_F"

  /// METEOR 1.5 with all its modules and its own data.
  static let meteor = "METEOR"

  /// METEOR's formula with exact and stem matches only.
  static let meteorExactStem = "METEOR-exact-stem"

  /// METEOR's formula with exact, stem and WordNet synonym matches, without paraphrases.
  static let meteorWithSynonyms = "METEOR-exact-stem-synonym"
}

/// The figures of a collection, with how they were computed: the metrics JSON.
public struct MetricReport: Hashable, Sendable {
  /// How the figures were computed: metric versions, conventions, thresholds.
  public var signature: [String: String]

  /// The figures of all clips together.
  public var overall: MetricSet

  /// The figures of each category.
  public var byCategory: [String: MetricSet]

  /// The figures `IoU` and `F-score` of each class, of data sets that tell classes apart.
  public var byClass: [String: MetricSet]

  /// The figures of each clip, by clip id.
  public var byClip: ClipMetrics

  /// What has no part in the figures, and why.
  public var unscored: [UnscoredClip]

  /// Puts a report together.
  public init(
    signature: [String: String], overall: MetricSet, byCategory: [String: MetricSet],
    byClass: [String: MetricSet] = [:], byClip: ClipMetrics,
    unscored: [UnscoredClip] = []
  ) {
    self.signature = signature
    self.overall = overall
    self.byCategory = byCategory
    self.byClass = byClass
    self.byClip = byClip
    self.unscored = unscored
  }
}
