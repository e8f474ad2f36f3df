/// Which models are compared on which data sets, as a file says it.
///
/// ```yaml
/// name: first-look
/// data_sets:
///   - {name: samples, path: ../samples, split: test}
/// models:
///   - {name: SSU (ours), model: avuformer-lite}
///   - {name: baseline, predictions: runs/baseline, task: sss}
///   - {name: LLaVA, descriptions: llava.jsonl}
/// tables:
///   - {kind: single-task}
///   - {kind: efficiency, rows: [SSU (ours)]}
/// ```
///
/// Keys that are not known are refused: a misspelt one would be an option that is ignored.
public struct Experiment: Hashable, Sendable {
  /// The experiment's name.
  public var name: String

  /// What it is about, in Markdown.
  public var description: String?

  /// On what the models are compared.
  public var dataSets: [ExperimentDataSet]

  /// What is compared.
  public var models: [ExperimentModel]

  /// Which tables are filled; by default the single-task comparison.
  public var tables: [ExperimentTable]
}

/// A data set of an experiment.
public struct ExperimentDataSet: Hashable, Sendable {
  /// The name under which tables show it; safe as the name of a folder.
  public var name: String

  /// The folder of clip folders.
  public var path: String

  /// The split of `dataset.json` that takes part; nil for all clips.
  public var split: String?

  /// The name with the split.
  public var title: String { split.map { "\(name) (\($0))" } ?? name }
}

/// A model of an experiment, or somebody else's answers.
public struct ExperimentModel: Hashable, Sendable {
  /// Where a model's answers are from.
  public enum Answers: Hashable, Sendable {
    /// An installed model, by name; answers that are missing are computed.
    case model(String)

    /// A folder of `<clip-id>/prediction.json`.
    case predictions(String)

    /// A file of sentences, a JSON object a line.
    case descriptions(String)
  }

  /// The name of the model's rows; safe as the name of a folder.
  public var name: String

  /// Where its answers are from; nil when only its benchmark is shown.
  public var answers: Answers?

  /// What the model does; nil to take it from its answers.
  public var task: ExperimentTask?

  /// A file that `avu model benchmark --json` has written, for the table of efficiency; a model
  /// that is installed is measured without one.
  public var benchmark: String?

  /// What readers must know of the model.
  public var notes: [String]

  /// A path of its answers, with the data set's name where `{data_set}` stands.
  public func path(_ text: String, for dataSet: ExperimentDataSet) -> String {
    text.replacing(Self.placeholder, with: dataSet.name)
  }

  /// Stands for the data set's name in a path.
  static let placeholder = "{data_set}"
}

/// What a model does, which decides the figures that are shown of it.
public enum ExperimentTask: String, Codable, CaseIterable, Hashable, Sendable {
  /// Sound source segmentation alone: masks.
  case sss

  /// Audio-visual captioning alone: sentences.
  case avc

  /// SSUFormer with its segmentation head only: masks.
  case ssuS = "ssu-s"

  /// SSUFormer with its description head only: sentences.
  case ssuD = "ssu-d"

  /// Masks and sentences.
  case ssu

  /// Whether masks are scored.
  public var hasMasks: Bool { self != .avc && self != .ssuD }

  /// Whether sentences are scored.
  public var hasSentences: Bool { self != .sss && self != .ssuS }
}

/// A table of an experiment.
public struct ExperimentTable: Hashable, Sendable {
  /// Which of the paper's tables it is like.
  public enum Kind: String, Codable, CaseIterable, Hashable, Sendable {
    /// Masks and sentences of models for one task and for both; a table for each data set.
    case singleTask = "single-task"

    /// Sentences alone, as a mean over the data sets.
    case descriptions

    /// What each part of a model adds; a table for each data set, rows in the given order.
    case ablation

    /// Size, work and time.
    case efficiency
  }

  /// Which of the paper's rows stand beside the measured ones, with a mark.
  public enum PaperRows: String, Codable, CaseIterable, Hashable, Sendable {
    /// Those of the same data set.
    case matching

    /// All of the paper's table.
    case always

    /// None.
    case never
  }

  /// Which of the paper's tables it is like.
  public var kind: Kind

  /// The heading; nil for one made of kind and data set.
  public var title: String?

  /// The models in it, by name and in this order; nil for all.
  public var rows: [String]?

  /// Which of the paper's rows stand beside them.
  public var paper: PaperRows
}
