public import Annotations
public import struct Foundation.Date

/// A collection and how far it is.
public struct CollectionSummary: Hashable, Sendable {
  /// The name.
  public let name: String

  /// When it was first registered.
  public let createdAt: Date

  /// How many clips it has.
  public let clips: Int

  /// How many of them have a prediction.
  public let predicted: Int

  /// How many of them have ground truth.
  public let withTruth: Int

  /// How many of them have a score.
  public let scored: Int
}

/// A clip and what there is of it.
public struct ClipSummary: Hashable, Sendable {
  /// The clip's name.
  public let id: ClipID

  /// SHA-256 of its video.
  public let sha256: String

  /// The video's size.
  public let bytes: Int64

  /// Where the video was found last.
  public let location: String

  /// Whether there is a prediction.
  public let hasPrediction: Bool

  /// Whether there is ground truth.
  public let hasTruth: Bool

  /// Whether there is a score.
  public let hasScore: Bool
}

/// Everything that is known of one clip.
public struct ClipRecord: Hashable, Sendable {
  /// What there is.
  public let summary: ClipSummary

  /// The model's answer, under this clip's name.
  public let prediction: Prediction?

  /// Where and when the prediction was made.
  public let origin: PredictionOrigin?

  /// What people say.
  public let truth: ClipTruth?

  /// The scores as JSON text.
  public let score: String?
}

/// Where and when a prediction was made.
public struct PredictionOrigin: Hashable, Sendable {
  /// The machine that worked.
  public let host: String

  /// The job's id in the queue, which may have forgotten it.
  public let job: Int64?

  /// When it was stored.
  public let savedAt: Date
}
