public import TensorCore

/// A convolution of maps [batch, height, width, channels].
///
/// A batch normalisation that follows is folded into it when it is read:
/// weight · γ / √(variance + ε), and bias β - mean · γ / √(variance + ε).
public struct Convolution: Sendable {
  /// Which channels of the input a channel of the output sees.
  public enum Kind: Sendable {
    /// All, of `inputs`.
    case full(inputs: Int)

    /// Its own.
    case depthwise
  }

  /// How the file stores what is added to the products.
  public enum Storage: Sendable {
    /// `weight` alone: nothing is added.
    case plain

    /// `weight` and `bias`.
    case bias

    /// `conv.weight` and the statistics and factors of `norm`.
    case batchNorm(epsilon: Float)
  }

  private enum Form: Sendable {
    case pointwise(Linear)
    case full(Linear)
    case depthwise(DepthwiseWeights)
  }

  private let form: Form
  private let size: Int
  private let stride: Int
  private let padding: Padding

  /// Reads the layer.
  ///
  /// - Parameters:
  ///   - weights: The layer's part of the file.
  ///   - kind: Full or depthwise.
  ///   - outputs: Channels that go out.
  ///   - size: Pixels of the window each way.
  ///   - stride: Pixels from one window to the next.
  ///   - padding: Zeros around the maps; a depthwise convolution has SAME padding.
  ///   - storage: Bias, batch normalisation or neither.
  ///   - activation: What follows.
  /// - Throws: ``WeightsError``.
  public init(
    _ weights: Weights, _ kind: Kind, _ outputs: Int, size: Int = 1, stride: Int = 1,
    padding: Padding = .same, storage: Storage, activation: Activation
  ) throws(WeightsError) {
    self.size = size
    self.stride = stride
    self.padding = padding
    var inputs = 1
    if case .full(let count) = kind { inputs = count }
    let (kernel, bias) = try Self.folded(weights, [outputs, inputs, size, size], storage)
    // [outputs, inputs, size, size] → [size, size, inputs, outputs]
    let planes = kernel.reshaped([outputs * inputs, size * size]).transposed()
    let ordered = Tensor.joinedRows(
      (0..<size * size).map { planes.rows($0..<$0 + 1).reshaped([outputs, inputs]).transposed() })
    switch kind {
    case .depthwise:
      form = .depthwise(
        DepthwiseWeights(
          weight: ordered.reshaped([size, size, outputs]), bias: bias, stride: stride,
          activation: activation))
    case .full:
      let linear = Linear(
        weight: ordered, bias: bias, precision: weights.precision, activation: activation)
      form = size == 1 && stride == 1 ? .pointwise(linear) : .full(linear)
    }
  }

  /// The kernel [outputs, inputs, size, size] and the bias [outputs].
  private static func folded(
    _ weights: Weights, _ shape: [Int], _ storage: Storage
  ) throws(WeightsError) -> (Tensor, Tensor) {
    let outputs = [shape[0]]
    guard case .batchNorm(let epsilon) = storage else {
      let kernel = try weights.tensor("weight", shape)
      guard case .bias = storage else { return (kernel, Tensor(zeros: outputs)) }
      return (kernel, try weights.tensor("bias", outputs))
    }
    let kernel = try weights["conv"].tensor("weight", shape)
    let norm = weights["norm"]
    let variance = try norm.tensor("running_var", outputs)
    let mean = try norm.tensor("running_mean", outputs)
    let weight = try norm.tensor("weight", outputs)
    let bias = try norm.tensor("bias", outputs)
    let scale = zip(weight.values, variance.values).map { $0 / ($1 + epsilon).squareRoot() }
    let each = kernel.values.count / shape[0]
    return (
      Tensor(
        shape: shape, values: kernel.values.indices.map { kernel.values[$0] * scale[$0 / each] }),
      Tensor(
        shape: outputs,
        values: scale.indices.map { bias.values[$0] - mean.values[$0] * scale[$0] })
    )
  }

  /// Applies the layer.
  ///
  /// - Parameter x: [batch, height, width, inputs].
  /// - Returns: [batch, new height, new width, outputs], with SAME padding ⌈height / stride⌉ and
  ///   ⌈width / stride⌉.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch form {
    case .pointwise(let linear): linear(x)
    case .full(let linear):
      x.convolved(
        linear.layer, size: size, stride: stride, padding: padding, activation: linear.activation)
    case .depthwise(let layer): x.depthwise(layer)
    }
  }

  /// The layer's weights, if it is a 1×1 convolution.
  var pointwise: SeparableLayers.Pointwise? {
    if case .pointwise(let linear) = form { (linear.layer, linear.activation) } else { nil }
  }

  /// The layer, if it may come before a depthwise one: 1×1, or with SAME padding.
  var first: SeparableLayers.First? {
    if let pointwise { return .pointwise(pointwise) }
    guard case .full(let linear) = form, case .same = padding else { return nil }
    return .full((linear.layer, linear.activation), size: size, stride: stride)
  }

  /// The layer's weights, if it is depthwise.
  var depthwise: DepthwiseWeights? {
    if case .depthwise(let layer) = form { layer } else { nil }
  }
}
