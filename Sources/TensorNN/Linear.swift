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
    func bias() throws(WeightsError) -> Tensor {
      hasBias ? try weights.tensor("bias", [outputs]) : Tensor(zeros: [outputs])
    }
    self.activation = activation
    if inputs * outputs >= Self.leastStored, let stored = try weights.stored("weight", shape) {
      layer = LinearWeights(stored: stored, bias: try bias(), precision: weights.precision)
    } else {
      let weight = try weights.tensor("weight", shape).reshaped([outputs, inputs])
      layer = LinearWeights(
        transposed: weight, bias: try bias(), precision: weights.precision)
    }
  }

  /// Matrices with as many values, a megabyte, are used where they lie in the file, which all
  /// processes share. Smaller ones would save little, and some of them are needed for every word.
  private static let leastStored = 1 << 18

  /// Packs a weight matrix.
  ///
  /// - Parameters:
  ///   - weight: [inputs, outputs].
  ///   - bias: [outputs].
  ///   - precision: How exactly factors are kept.
  ///   - activation: Applied to the result.
  init(weight: Tensor, bias: Tensor, precision: ProductPrecision, activation: Activation) {
    layer = LinearWeights(weight: weight, bias: bias, precision: precision)
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
