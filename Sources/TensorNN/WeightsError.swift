/// Why a file of weights cannot be used.
public enum WeightsError: Error, Equatable, Sendable {
  /// The file is missing, is no plain file, or may not be read.
  case unreadable(file: String, reason: String)

  /// The file is not what the safetensors format says.
  case malformed(file: String, reason: String)

  /// The model needs a tensor that the file does not have.
  case missing(file: String, tensor: String)

  /// A tensor has other sizes than the model needs.
  case wrongShape(file: String, tensor: String, expected: [Int], found: [Int])

  /// A tensor has a type of number that this version does not read.
  case wrongType(file: String, tensor: String, found: String)

  /// A tensor has a value that is no number, or infinite.
  case notFinite(file: String, tensor: String)

  /// The file has a tensor that the model does not know.
  case unexpected(file: String, tensor: String)
}

extension WeightsError: CustomStringConvertible {
  /// One sentence that names the file and says what to do.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file) cannot be read: \(reason)."
    case .malformed(let file, let reason):
      "\(file) is damaged (\(reason)); install the model again."
    case .missing(let file, let tensor):
      "\(file) has no tensor “\(tensor)”; the weights and config.json belong to different models."
    case .wrongShape(let file, let tensor, let expected, let found):
      "\(file): “\(tensor)” has the shape \(found) where config.json needs \(expected); "
        + "use files that were made together."
    case .wrongType(let file, let tensor, let found):
      "\(file): “\(tensor)” has values of type \(found), which cannot be used there; "
        + "weights are F16 or F32, token ids I32."
    case .notFinite(let file, let tensor):
      "\(file): “\(tensor)” has a value that is not a finite number; its training has failed or the "
        + "file is damaged."
    case .unexpected(let file, let tensor):
      "\(file) has a tensor “\(tensor)” that this model does not know; "
        + "the weights and config.json belong to different models."
    }
  }
}
