import AVUModel
import ArgumentParser
import TensorCore
import Workers

/// What is asked for in place of a model's own settings.
struct ModelChoice: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Unfinished sentences kept at a time; 1 takes the likeliest word, always.", valueName: "n"))
  var beam: Int?

  @Option(
    help: ArgumentHelp(
      "Words about a moment at most, full stops among them; a sentence that is cut ends in “…”.",
      valueName: "n"))
  var maxWords: Int?

  @Option(
    help: ArgumentHelp(
      "So many words in a row are not said twice in a sentence; 0 for no such rule.",
      valueName: "n"))
  var noRepeatNgram: Int?

  @OptionGroup var products: PrecisionChoice

  /// The model of this name, with what is asked for.
  ///
  /// - Parameters:
  ///   - name: The model, perhaps with options behind it (`avuformer-lite+beam4`).
  ///   - settings: Where the models are.
  /// - Returns: The model.
  /// - Throws: `WorkerError` when there is none, `ModelError` when it cannot do that.
  func entry(named name: String, _ settings: Settings) throws -> ModelLibrary.Entry {
    var options = products.options
    options.beam = beam
    options.maxWords = maxWords
    options.noRepeatNGram = noRepeatNgram
    return try ModelLibrary(directory: settings.models).entry(named: name, asking: options)
  }
}

/// How exactly factors of products are kept.
struct PrecisionChoice: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      bf16 rounds weights and values of products to bfloat16 (8 significant bits), on processors that \
      can. It is faster; avu model benchmark says by how much, and what it costs.
      """))
  var precision: Precision?

  /// As people write it.
  enum Precision: String, CaseIterable, ExpressibleByArgument {
    case float32, bf16
  }

  /// What is asked for.
  var options: ModelOptions {
    var options = ModelOptions()
    options.precision = precision.flatMap { ProductPrecision(rawValue: $0.rawValue) }
    return options
  }
}
