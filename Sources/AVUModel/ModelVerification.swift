import Foundation
import TensorCore
import TensorNN

/// Compares this engine's numbers with those of the model's PyTorch definition.
public enum ModelVerification {
  /// How far one block is from its golden tensor.
  public struct Difference: Sendable, Equatable {
    /// The name of the golden tensor: frame, block and part.
    public let block: String

    /// The largest difference of two values, as a part of the golden tensor's largest magnitude, or of 1 where
    /// that is larger and the tensor is a single value; infinite when a value is no number.
    public let maxDifference: Double

    /// What is allowed.
    public let tolerance: Double

    /// Whether words were compared, which must be the same.
    public let isWords: Bool

    /// Whether the block is right.
    public var isWithinTolerance: Bool { maxDifference <= tolerance }
  }

  /// Products are summed in another order than PyTorch sums them; generated words must agree.
  private static let tolerance = 1e-4

  /// Runs the golden inputs, which are made by formulas, through the model.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - goldens: The file with what each block should make of the inputs.
  /// - Returns: One entry for each golden tensor, in the order of names.
  /// - Throws: ``ModelError`` when the file is damaged or does not belong to such a model.
  public static func run(
    model: AVUFormer, goldens: String
  ) throws(ModelError) -> [Difference] {
    do {
      let file = try SafetensorsFile(path: goldens)
      let teacher = try file.integers("teacher_ids")
      guard teacher.allSatisfy({ model.vocabulary.words.indices.contains($0) }),
        teacher.count <= model.configuration.sizes.maxTokens
      else {
        throw ModelError.goldens(file: goldens, reason: "its words are not the model's")
      }
      let frames = (0..<GoldenInputs.frames).map {
        GoldenFrame(frame: $0, model: model, teacher: teacher)
      }
      return try file.names.filter { $0 != "teacher_ids" }.map { name in
        try difference(name, frames, file)
      }
    } catch let error as WeightsError {
      throw .weights(error)
    } catch let error as ModelError {
      throw error
    } catch {
      throw .goldens(file: goldens, reason: "\(error)")
    }
  }

  private static func difference(
    _ name: String, _ frames: [GoldenFrame], _ file: SafetensorsFile
  ) throws -> Difference {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2, let frame = Int(parts[0]), frames.indices.contains(frame),
      let shape = file.shape(of: name), let found = frames[frame].values(parts[1])
    else {
      throw ModelError.goldens(file: file.path, reason: "this version knows no tensor “\(name)”")
    }
    let isText = GoldenFrame.isWords(parts[1])
    let expected =
      isText ? try file.integers(name).map(Float.init) : try file.tensor(name).values
    if isText {
      return Difference(
        block: name, maxDifference: found == expected ? 0 : 1, tolerance: 0,
        isWords: true)
    }
    guard expected.count == found.count else {
      throw ModelError.goldens(
        file: file.path, reason: "“\(name)” is \(shape), \(found.count) values were computed")
    }
    return Difference(
      block: name, maxDifference: largest(found, expected), tolerance: tolerance,
      isWords: false)
  }

  private static func largest(_ found: [Float], _ expected: [Float]) -> Double {
    // A logit alone, as the presence's, may be near zero, where nothing says how large what it is the sum of was.
    let magnitude = expected.reduce(expected.count == 1 ? 1 : 1e-6) { max($0, abs(Double($1))) }
    return zip(found, expected).reduce(0) { worst, pair in
      let difference = abs(Double(pair.0) - Double(pair.1)) / magnitude
      return difference.isFinite ? max(worst, difference) : .infinity
    }
  }
}
