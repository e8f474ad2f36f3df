public import TensorCore

/// What may be asked of a model in place of what its `config.json` says.
///
/// Written behind the model's name they make another model of it, whose predictions are kept apart:
/// `avuformer-lite+beam4+words20`.
public struct ModelOptions: Hashable, Sendable {
  /// In place of ``DecodingSettings/beam``.
  public var beam: Int?

  /// In place of ``DecodingSettings/maxWords``.
  public var maxWords: Int?

  /// In place of ``DecodingSettings/noRepeatNGram``.
  public var noRepeatNGram: Int?

  /// How exactly factors of products are kept, in place of single precision.
  public var precision: ProductPrecision?

  /// Asks for nothing.
  public init() {}

  /// Reads options as they are written behind a name; nil when it is none.
  ///
  /// - Parameter suffix: For example `+beam4+words20`; each option at most once.
  public init?(suffix: String) {
    self.init()
    let parts = suffix.split(separator: "+", omittingEmptySubsequences: false)
    guard parts.first == "" else { return nil }
    for part in parts.dropFirst() {
      if let wanted = Self.precisions.first(where: { $0.rawValue == part }) {
        guard precision == nil else { return nil }
        precision = wanted
        continue
      }
      guard let field = Self.fields.first(where: { part.hasPrefix($0.name) }) else { return nil }
      let digits = part.dropFirst(field.name.count)
      guard self[keyPath: field.path] == nil, let value = Int(digits), String(value) == digits
      else { return nil }
      self[keyPath: field.path] = value
    }
  }

  /// As it is written behind a name, always in the same order; empty when nothing is asked for.
  public var suffix: String {
    Self.fields.compactMap { field in
      self[keyPath: field.path].map { "+\(field.name)\($0)" }
    }.joined() + (precision.map { "+" + $0.rawValue } ?? "")
  }

  /// The same with what others ask for besides.
  ///
  /// - Parameter others: These go before.
  /// - Returns: Both.
  public func merging(_ others: ModelOptions) -> ModelOptions {
    var merged = self
    for (_, path) in Self.fields {
      merged[keyPath: path] = others[keyPath: path] ?? merged[keyPath: path]
    }
    merged.precision = others.precision ?? merged.precision
    return merged
  }

  /// Those that have to be asked for.
  private static let precisions = [ProductPrecision.bfloat16]

  private static var fields: [(name: String, path: WritableKeyPath<ModelOptions, Int?>)] {
    [("beam", \.beam), ("words", \.maxWords), ("ngram", \.noRepeatNGram)]
  }

  /// The options that make a difference to a model.
  ///
  /// - Parameter configuration: What the model is by itself.
  /// - Returns: Those that ask for something else.
  /// - Throws: ``ModelError/option(reason:)`` when the model cannot do what is asked for.
  public func changing(_ configuration: ModelConfiguration) throws(ModelError) -> ModelOptions {
    let usual = configuration.decoding
    var changing = self
    if beam == usual.beam { changing.beam = nil }
    if maxWords == usual.maxWords { changing.maxWords = nil }
    if noRepeatNGram == usual.noRepeatNGram { changing.noRepeatNGram = nil }
    if precision == .single { changing.precision = nil }
    let wanted = changing.decoding(of: configuration)
    guard wanted == usual || configuration.hasSentences else {
      throw .option(reason: "\(configuration.name) makes no sentences that could be other ones")
    }
    if let problem = wanted.problem(places: configuration.sizes.maxTokens - 1) {
      throw .option(reason: problem)
    }
    return changing
  }

  /// How sentences are chosen then.
  ///
  /// - Parameter configuration: What the model is by itself.
  /// - Returns: What is asked for, and the model's own settings for the rest.
  public func decoding(of configuration: ModelConfiguration) -> DecodingSettings {
    var settings = configuration.decoding
    settings.beam = beam ?? settings.beam
    settings.maxWords = maxWords ?? settings.maxWords
    settings.noRepeatNGram = noRepeatNGram ?? settings.noRepeatNGram
    return settings
  }
}
