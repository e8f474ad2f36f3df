import AVUModel
import ArgumentParser
import Foundation
import Workers

extension ModelCommand {
  /// Checks that this machine computes what the model's definition says.
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Compare each block's numbers with the model's PyTorch definition.",
      discussion: """
        Runs inputs made by formulas through the model and compares what each block gives with \
        golden tensors. A difference is the largest one of two values, as a part of the golden \
        tensor's largest magnitude. The exit status is 1 when a block is above its tolerance. With \
        --precision bf16 there is none: what is seen then is what rounding costs.

        EXAMPLES:
          avu model verify avuformer-lite
          avu model verify avuformer-lite --goldens goldens/blocks.safetensors
          avu model verify avuformer-lite --precision bf16
        """)

    @Argument(help: ArgumentHelp("The model.", valueName: "name"))
    var name: String

    @Option(
      help: ArgumentHelp(
        "The golden tensors; those of the checkout by default.", valueName: "file"))
    var goldens: String?

    @OptionGroup var choice: PrecisionChoice

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func run() throws {
      let settings = try Settings.load()
      let goldens = try goldens ?? Self.shipped(with: settings)
      let entry = try ModelLibrary(directory: settings.models)
        .entry(named: name, asking: choice.options)
      let isRounded = entry.options.precision != nil
      let differences = try ModelVerification.run(
        model: try AVUFormer(directory: entry.directory, options: entry.options), goldens: goldens)
      let wrong = isRounded ? 0 : differences.count { !$0.isWithinTolerance }
      if json {
        try Console.print(json: differences.map(Row.init))
      } else {
        Console.print(
          table: ["block", "largest difference", "tolerance", ""],
          rows: differences.map {
            [
              $0.block, Self.text($0.maxDifference), isRounded ? "" : Self.text($0.tolerance),
              $0.isWithinTolerance || isRounded ? "" : "WRONG",
            ]
          })
        if isRounded { return Console.print(Self.costText(differences)) }
        Console.print(
          wrong == 0
            ? "All \(differences.count) tensors agree with \(goldens)."
            : "\(wrong) of \(differences.count) tensors are wrong; see the table.")
      }
      if wrong > 0 { throw ExitStatus.failed.exitCode }
    }

    /// The golden tensors that belong to the shipped model; only a checkout has them.
    private static func shipped(with settings: Settings) throws -> String {
      let file = settings.share + "/Tests/AVUModelTests/Goldens/blocks.safetensors"
      guard FileManager.default.fileExists(atPath: file) else {
        throw CommandError.missing(
          what: "An installed program has no golden tensors", remedy: "name a file with --goldens")
      }
      return file
    }

    /// What rounding costs in blocks and in words.
    private static func costText(_ differences: [ModelVerification.Difference]) -> String {
      let words = differences.filter(\.isWords)
      let blocks = differences.filter { !$0.isWords }
      return "Rounded products: blocks differ by up to "
        + text(blocks.map(\.maxDifference).max() ?? 0)
        + ", \(words.count(where: \.isWithinTolerance)) of \(words.count) choices of words are the same."
    }

    private static func text(_ difference: Double) -> String {
      String(format: "%.1e", difference)
    }

    /// One comparison in JSON; a difference that is no number is null.
    private struct Row: Encodable {
      let block: String
      let difference: Double?
      let tolerance: Double

      /// Within the tolerance, which rounded products are not meant to be.
      let ok: Bool

      init(_ found: ModelVerification.Difference) {
        block = found.block
        difference = found.maxDifference.isFinite ? found.maxDifference : nil
        tolerance = found.tolerance
        ok = found.isWithinTolerance
      }
    }
  }
}
