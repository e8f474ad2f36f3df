/// The figures of one frame of one clip.
public struct FrameScore: Codable, Hashable, Sendable {
  /// When, in seconds from the start of the clip.
  public var time: Double

  /// Intersection over union of predicted and true mask (1 when both are empty); nil when the
  /// frame's true mask is not known.
  public var iou: Double?

  /// F-measure of the mask with β² = 0.3; nil when the frame's true mask is empty or not known.
  public var fScore: Double?

  /// F-measure of a prediction that covers the whole frame; nil where ``fScore`` is, and in scores
  /// of earlier versions.
  public var wholeFrameF: Double?

  /// DAVIS's region similarity J; nil when the frame's true mask is not known.
  public var region: Double?

  /// DAVIS's boundary accuracy F; nil when the frame's true mask is not known.
  public var boundary: Double?

  /// Whether something visible sounds, by the ground truth.
  public var truthSounding: Bool

  /// Whether anything is heard, by the ground truth; nil where that was not annotated.
  public var truthAudible: Bool?

  /// Whether something visible sounds, by the prediction.
  public var predictedSounding: Bool

  /// The reference sentences.
  public var references: [String]

  /// The predicted sentence; empty for none.
  public var hypothesis: String

  /// The figures of each class that the truth or the prediction has in the frame; nil for data sets
  /// that do not tell classes apart.
  public var classes: [ClassScore]?

  /// Puts a frame's figures together.
  public init(
    time: Double, iou: Double?, fScore: Double?, wholeFrameF: Double? = nil,
    region: Double? = nil, boundary: Double? = nil, truthSounding: Bool, truthAudible: Bool? = nil,
    predictedSounding: Bool, references: [String], hypothesis: String,
    classes: [ClassScore]? = nil
  ) {
    self.time = time
    self.iou = iou
    self.fScore = fScore
    self.wholeFrameF = wholeFrameF
    self.region = region
    self.boundary = boundary
    self.truthSounding = truthSounding
    self.truthAudible = truthAudible
    self.predictedSounding = predictedSounding
    self.references = references
    self.hypothesis = hypothesis
    self.classes = classes
  }
}

/// The scores of one clip, as a job stores them: enough to sum up any set of clips later.
public struct ClipScore: Codable, Hashable, Sendable {
  /// The clip's id.
  public var clip: String

  /// The clip's category, if the ground truth names one.
  public var category: String?

  /// The figures of its scored frames, in order of time.
  public var frames: [FrameScore]

  /// What could not be scored, a sentence each.
  public var problems: [String]

  /// Puts a clip's scores together.
  public init(clip: String, category: String?, frames: [FrameScore], problems: [String] = []) {
    self.clip = clip
    self.category = category
    self.frames = frames
    self.problems = problems
  }

  /// Reads stored scores; those without a list of problems had none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    clip = try container.decode(String.self, forKey: .clip)
    category = try container.decodeIfPresent(String.self, forKey: .category)
    frames = try container.decode([FrameScore].self, forKey: .frames)
    problems = try container.decodeIfPresent([String].self, forKey: .problems) ?? []
  }
}

/// Something that has no part in the figures, and why.
public struct UnscoredClip: Codable, Hashable, Sendable {
  /// The clip's id, or the folder or line that should have held a clip.
  public var clip: String

  /// What went wrong, in a sentence.
  public var reason: String

  /// Notes what was left out.
  public init(clip: String, reason: String) {
    self.clip = clip
    self.reason = reason
  }
}
