public import Annotations
public import Evaluation
public import Foundation

/// What one model reached on a collection.
public struct RunSnapshot: Sendable {
  /// Whose results they are.
  public var model: Prediction.Model

  /// Clips with a prediction of this model.
  public var clips: Int

  /// The figures, those of single clips among them.
  public var report: MetricReport

  /// When its last prediction was stored, when known.
  public var finishedAt: Date?

  /// Describes a run.
  public init(
    model: Prediction.Model, clips: Int, report: MetricReport, finishedAt: Date? = nil
  ) {
    self.model = model
    self.clips = clips
    self.report = report
    self.finishedAt = finishedAt
  }
}

/// A model as its page shows it.
public struct ModelSnapshot: Codable, Hashable, Sendable {
  /// The model's name.
  public var name: String

  /// SHA-256 of its weights.
  public var sha256: String

  /// What is known of it, as names and values.
  public var facts: [Fact]

  /// Its model card as Markdown; raw HTML in it is not passed on.
  public var card: String?

  /// How its losses fell in training, where its folder has the log.
  public var training: TrainingLog?

  /// A name and a value.
  public struct Fact: Codable, Hashable, Sendable {
    /// The name.
    public var label: String

    /// The value, with its unit.
    public var value: String

    /// Notes a fact.
    public init(label: String, value: String) {
      self.label = label
      self.value = value
    }
  }

  /// Describes a model.
  public init(
    name: String, sha256: String, facts: [Fact] = [], card: String? = nil,
    training: TrainingLog? = nil
  ) {
    self.name = name
    self.sha256 = sha256
    self.facts = facts
    self.card = card
    self.training = training
  }
}
