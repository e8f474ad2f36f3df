public import TensorCore

/// A linear layer, or a 1×1 convolution of a map [batch, height, width, channels].
public struct Linear: Sendable {
  /// [inputs, outputs], so that a product takes it as it is.
  private let weight: Tensor
  private let bias: Tensor

  /// What follows the layer.
  private let activation: Activation

  /// Reads `weight` and `bias`.
  ///
  /// - Parameters:
  ///   - weights: The layer's part of the file.
  ///   - inputs: Values of each row that come in.
  ///   - outputs: Values of each row that go out.
  ///   - pointwise: Whether it is stored as a 1×1 convolution, [outputs, inputs, 1, 1].
  ///   - activation: What follows.
  /// - Throws: ``WeightsError``.
  public init(
    _ weights: Weights, _ inputs: Int, _ outputs: Int, pointwise: Bool = false,
    activation: Activation = .none
  ) throws(WeightsError) {
    let shape = [outputs, inputs] + (pointwise ? [1, 1] : [])
    weight = try weights.tensor("weight", shape).reshaped([outputs, inputs]).transposed()
    bias = try weights.tensor("bias", [outputs])
    self.activation = activation
  }

  init(weight: Tensor, bias: Tensor, activation: Activation) {
    self.weight = weight
    self.bias = bias
    self.activation = activation
  }

  /// Applies the layer to the last dimension.
  ///
  /// - Parameter x: [..., inputs].
  /// - Returns: [..., outputs].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.linear(weight: weight, bias: bias, activation: activation)
  }
}
