public import TensorCore
public import TensorNN

/// Why a model cannot be used.
public enum ModelError: Error, Equatable, Sendable {
  /// A file of the model is missing or may not be read.
  case unreadable(file: String)

  /// `config.json` is not what this version reads.
  case malformedConfiguration(file: String, reason: String)

  /// `config.json` was written for a newer program.
  case unsupportedFormat(file: String, format: Int)

  /// `config.json` describes a model that cannot be.
  case impossible(file: String, reason: String)

  /// `vocabulary.txt` does not fit.
  case vocabulary(file: String, reason: String)

  /// The model cannot do what is asked for in place of its own settings.
  case option(reason: String)

  /// The weights do not fit.
  case weights(WeightsError)

  /// This machine cannot compute.
  case compute(ComputeError)

  /// The file of golden tensors was made with other inputs.
  case goldens(file: String, reason: String)
}

extension ModelError: CustomStringConvertible {
  /// One sentence that names the file and says what to do.
  public var description: String {
    switch self {
    case .unreadable(let file):
      "\(file) cannot be read; check the path of the model's folder."
    case .malformedConfiguration(let file, let reason):
      "\(file) cannot be used: \(reason)."
    case .unsupportedFormat(let file, let format):
      "\(file) has format \(format); this version reads format 1, so update avu."
    case .impossible(let file, let reason):
      "\(file) describes an impossible model: \(reason)."
    case .vocabulary(let file, let reason):
      "\(file) does not fit the model: \(reason)."
    case .option(let reason): "The model cannot be used so: \(reason)."
    case .weights(let error): error.description
    case .compute(let error): error.description
    case .goldens(let file, let reason):
      "\(file) cannot be compared with: \(reason)."
    }
  }
}
