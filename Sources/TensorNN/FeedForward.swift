public import TensorCore

/// Linear, an activation, linear.
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
  ///   - activation: What is between the two.
  /// - Throws: ``WeightsError``.
  public init(
    _ weights: Weights, _ inputs: Int, _ hidden: Int, _ outputs: Int,
    activation: Activation = .gelu
  ) throws(WeightsError) {
    linear1 = try Linear(weights["linear1"], inputs, hidden, activation: activation)
    linear2 = try Linear(weights["linear2"], hidden, outputs)
  }

  /// Applies the layers.
  ///
  /// - Parameter x: [..., inputs].
  /// - Returns: [..., outputs].
  public func callAsFunction(_ x: Tensor) -> Tensor { linear2(linear1(x)) }
}
