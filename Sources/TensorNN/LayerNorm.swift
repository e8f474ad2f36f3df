public import TensorCore

/// Layer normalisation over the last dimension.
public struct LayerNorm: Sendable {
  private let weight: Tensor
  private let bias: Tensor
  private let epsilon: Float

  /// Reads `weight` and `bias`.
  ///
  /// - Parameters:
  ///   - weights: The layer's part of the file.
  ///   - width: Values of a row.
  ///   - epsilon: What is added to the variance.
  /// - Throws: ``WeightsError``.
  public init(_ weights: Weights, _ width: Int, epsilon: Float) throws(WeightsError) {
    weight = try weights.tensor("weight", [width])
    bias = try weights.tensor("bias", [width])
    self.epsilon = epsilon
  }

  /// Normalises each row.
  ///
  /// - Parameter x: [..., width].
  /// - Returns: The same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.layerNormalised(weight: weight, bias: bias, epsilon: epsilon)
  }
}
