public import TensorCore

/// A linear layer, or a 1×1 convolution of a map [batch, height, width, channels].
public struct Linear: Sendable {
  let layer: LinearWeights

  /// What follows the layer.
  let activation: Activation

  /// Reads `weight` and, if there is one, `bias`.
  ///
  /// - Parameters:
  ///   - weights: The layer's part of the file.
  ///   - inputs: Values of each row that come in.
  ///   - outputs: Values of each row that go out.
  ///   - hasBias: Whether there is a bias.
  ///   - pointwise: Whether it is stored as a 1×1 convolution, [outputs, inputs, 1, 1].
  ///   - activation: What follows.
  /// - Throws: ``WeightsError``.
  public init(
    _ weights: Weights, _ inputs: Int, _ outputs: Int, hasBias: Bool = true,
    pointwise: Bool = false,
    activation: Activation = .none
  ) throws(WeightsError) {
    let shape = [outputs, inputs] + (pointwise ? [1, 1] : [])
    let weight = try weights.tensor("weight", shape).reshaped([outputs, inputs]).transposed()
    let bias = hasBias ? try weights.tensor("bias", [outputs]) : Tensor(zeros: [outputs])
    self.init(weight: weight, bias: bias, activation: activation)
  }

  /// Packs a weight matrix.
  ///
  /// - Parameters:
  ///   - weight: [inputs, outputs].
  ///   - bias: [outputs].
  ///   - activation: Applied to the result.
  init(weight: Tensor, bias: Tensor, activation: Activation) {
    layer = LinearWeights(weight: weight, bias: bias)
    self.activation = activation
  }

  /// Applies the layer to the last dimension.
  ///
  /// - Parameter x: [..., inputs].
  /// - Returns: [..., outputs].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.linear(layer, activation: activation)
  }
}
