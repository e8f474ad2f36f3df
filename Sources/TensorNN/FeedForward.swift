public import TensorCore

/// Linear, GELU, linear.
public struct FeedForward: Sendable {
  private let linear1: Linear
  private let linear2: Linear

  /// Reads `linear1` and `linear2`.
  ///
  /// - Parameters:
  ///   - weights: The layer's part of the file.
  ///   - inputs: Values of each row that come in.
  ///   - hidden: Values of each row between the two.
  ///   - outputs: Values of each row that go out.
  /// - Throws: ``WeightsError``.
  public init(
    _ weights: Weights, _ inputs: Int, _ hidden: Int, _ outputs: Int
  ) throws(WeightsError) {
    linear1 = try Linear(weights["linear1"], inputs, hidden, activation: .gelu)
    linear2 = try Linear(weights["linear2"], hidden, outputs)
  }

  /// Applies the layers.
  ///
  /// - Parameter x: [..., inputs].
  /// - Returns: [..., outputs].
  public func callAsFunction(_ x: Tensor) -> Tensor { linear2(linear1(x)) }
}
